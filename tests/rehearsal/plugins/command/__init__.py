"""The parts of the command provider."""
