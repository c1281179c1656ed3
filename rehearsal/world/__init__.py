"""The stand-in world of containers: building, starting, entering, checking and removing it."""
