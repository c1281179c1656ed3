"""Commands on servers over SSH."""
