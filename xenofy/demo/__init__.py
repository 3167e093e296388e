"""The demo store Kaveri Handlooms: an invented shop with a history and live traffic.

Everything here is made up and follows from a seed. It writes to the one tenant with `is_demo`.
"""
