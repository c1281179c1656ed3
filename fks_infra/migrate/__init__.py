"""The move of a stack's data between the servers of the two modes, or from one without a stack."""
