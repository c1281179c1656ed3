"""Game days: a fault in the running world, its diagnosis by `fks`, and its documented repair."""
