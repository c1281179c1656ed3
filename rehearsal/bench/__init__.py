"""How long, how much and how fast, side by side within one run: `make bench`."""
