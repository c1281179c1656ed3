"""The commands in the pages for readers, and how each of them is run by a test."""
