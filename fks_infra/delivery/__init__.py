"""What the workflows in `.github/workflows` run, and `fks up` with one server as its target."""
