"""The logs of a server."""
