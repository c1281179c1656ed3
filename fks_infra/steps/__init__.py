"""Bounded steps on the operator's side: the standard library only, started as files by Pulumi."""
