"""The common parts of the three cloud providers: Terraform providers behind Pulumi's bridge."""
