"""Day-to-day work on the servers of a deployed stack, over SSH."""
