"""`make bench`: durations, memory and throughput, compared within one run."""
