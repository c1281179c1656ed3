"""What `fks doctor` finds, against the stand-in clouds over HTTP."""
