"""The logs of containers and units of this server, for `fks logs`; standard library only."""
