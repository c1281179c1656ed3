"""The stand-in Cloudflare: zones and their DNS records."""
