"""What is needed to work on a stack again after something was lost."""
