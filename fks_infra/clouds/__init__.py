"""One client for each cloud's API. Standard library only: the steps run with `python3 -S`."""
