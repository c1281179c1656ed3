"""How many resource events a first `up` has, as the two long lists of kills check."""

SINGLE = 70
MULTI = 126
