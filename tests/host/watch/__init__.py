"""Tests of the watch, with files in a directory instead of /proc and /sys."""
