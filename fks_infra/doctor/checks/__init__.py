"""The checks. Each receives the context and yields its results; `../registry.py` names them."""
