"""What plans cost, and what fits them, for `fks cost`, `fks fit` and `fks scale`."""
