"""Stand-ins of the provider plugins and of the Python language host, for machines that have only the engine."""
