"""The stand-in plugins, part by part."""
