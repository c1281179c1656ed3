"""Stand-ins of the provider plugins and the language host, where only the engine is installed."""
