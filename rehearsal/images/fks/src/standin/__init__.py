"""Stand-in of the FKS application, with a real database and a real queue."""
