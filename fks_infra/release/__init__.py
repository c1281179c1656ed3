"""What is uploaded to a server, and the commands that run there. Pure."""
