"""What a change of the checkout does to the servers: `fks impact`. Pure, except for `trees`."""
