"""What a port, file, container, name, resource or setting is, for `fks explain`."""
