"""Reports as the HTTP contract writes them: a body of JSON, and the rows of a file."""
