"""Requests of privacy: a customer's data as a file, and forgetting a customer.

Who is forgotten has another number from then on, a pseudonym: everywhere at once, so that what
counts customers goes on to count the same. Nothing else of them stays.
"""
