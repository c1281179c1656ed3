"""The stand-in plugins, driven by the real engine, against recordings of the real ones."""
