"""How this server differs from what the release and the bootstrap say, for `fks drift`, and the
repair; standard library only."""
