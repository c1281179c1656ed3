"""Steps that run on the operator's machine, as processes that Pulumi starts. Each has a deadline.

Standard library only: they run with `python3 -S`.
"""
