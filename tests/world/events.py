"""How many resource events a first `up` has; test_kill_all.py holds these to be true."""

SINGLE = 72
MULTI = 140
