"""One module for each role."""
