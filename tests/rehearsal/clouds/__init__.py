"""Tests of the stand-in clouds, in process and against what the real plugins were seen to send."""
