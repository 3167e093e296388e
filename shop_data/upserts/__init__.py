"""Writing the mirror: idempotent, newest version wins, a batch at a time.

Every function runs inside the tenant's scope and transaction, and ends in the same rows whatever
the order and number of deliveries.
"""
