"""What `bin/deploy` does on a server. Standard library only: it runs on Debian's own Python."""
