"""A believable past of a shop, and what goes on in it: the same from the same seed."""
