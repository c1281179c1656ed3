"""The checks of `fks doctor`: credentials, clouds, tailnet and this machine. They change nothing.

`registry.py` lists them.
"""
