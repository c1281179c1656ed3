"""`make bench`: durations, memory, throughput and backups, compared within one run."""
