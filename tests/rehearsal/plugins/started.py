"""What a launcher starts in its test."""

import sys


def main(name: str) -> None:
    """Print the argument of the launcher, and those of the process."""
    sys.stdout.write(f"{name}: {sys.argv}\n")
