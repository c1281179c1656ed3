"""What the three cloud providers have in common: they are Terraform providers behind a bridge."""
