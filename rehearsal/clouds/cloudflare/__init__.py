"""The Cloudflare stand-in: zones and their DNS records."""
