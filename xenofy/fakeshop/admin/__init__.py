"""The Admin GraphQL API of the double: graphql-core over a schema of the types that are used."""
