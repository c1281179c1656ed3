"""Starts and stops the stacks of this server; standard library only."""
