"""Stand-ins of the provider plugins and of the language host."""
