"""The state of this server at one moment, for `fks status`; standard library only."""
