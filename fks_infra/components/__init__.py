"""The resources, put together from small parts; each component has its own file."""
