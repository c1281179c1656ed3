"""Image references that several services use."""

POSTGRES = "docker.io/library/postgres:17.12-trixie"
# 1.30 or newer: nginx resolves the names of upstreams while it runs.
NGINX = "docker.io/library/nginx:1.30-trixie"
REDIS = "docker.io/library/redis:8.10.2-trixie"
AUTHENTIK = "ghcr.io/goauthentik/server:2026.8.6"
# The application's own repository; one tag for each of its images.
FKS = "docker.io/nuniesmith/fks"
