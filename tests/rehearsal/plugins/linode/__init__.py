"""Tests of the Linode provider's parts."""
