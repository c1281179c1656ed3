"""Changes of generated secrets on a server: new beside old, then only new."""
