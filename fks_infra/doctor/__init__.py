"""What `fks doctor` looks at: tokens, clouds, tailnet and this machine. It changes nothing."""
