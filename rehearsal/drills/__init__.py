"""Drills: something is lost in the running world, and the commands of docs/recovery.md end it."""
