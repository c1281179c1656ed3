"""Stand-in of the FKS application that uses a real database and a real queue."""
