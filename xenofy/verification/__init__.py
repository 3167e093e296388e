"""Deriving every figure again and comparing it with what is stored; nothing is written.

The functions return records; `manage.py verify` prints them.
"""
