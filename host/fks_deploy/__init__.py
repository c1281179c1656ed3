"""The programs of host/bin. Standard library only: they run on Debian's own Python."""
