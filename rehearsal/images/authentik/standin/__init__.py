"""Stand-in of Authentik: an OIDC provider made from our real blueprint."""
