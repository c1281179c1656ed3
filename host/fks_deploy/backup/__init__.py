"""Backups: dumps, copies, the repository, and the proof by a restore from it."""
