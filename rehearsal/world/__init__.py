"""The world of containers: what is needed to make it, start it, enter it and take it away."""
