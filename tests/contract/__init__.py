"""The provider plugins, run by the real engine, against recordings of the real plugins."""
