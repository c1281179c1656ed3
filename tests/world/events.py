"""The number of resource events of a first `up`; the tests of all kills verify it."""

SINGLE = 74
MULTI = 134
