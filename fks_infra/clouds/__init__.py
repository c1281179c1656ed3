"""One client for each cloud's API. Standard library only."""
