"""Stand-in of Authentik: an OIDC provider that is configured by the real blueprint."""
