"""How long and how much, as ratios within one run: `make bench`."""
