"""How many resource events a first `up` has; test_kill_single.py and test_kill_multi.py hold these to be true."""

SINGLE = 70
MULTI = 126
