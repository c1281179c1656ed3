"""What the operator chose: schema, settings, validators, errors, stack files."""
