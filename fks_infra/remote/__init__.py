"""Commands on the servers of a deployed stack, over SSH."""
