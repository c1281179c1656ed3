"""What certbot 4.0 of Debian 13 prints around each error."""

BEFORE = "Saving debug log to /var/log/letsencrypt/letsencrypt.log\n"
AFTER = (
    "Ask for help or search for solutions at https://community.letsencrypt.org. See the logfile "
    "/var/log/letsencrypt/letsencrypt.log or re-run Certbot with -v for more details.\n"
)
# python3-cloudflare 2.20 prints a banner for each of certbot's requests.
BANNER = (
    "/usr/lib/python3/dist-packages/certbot_dns_cloudflare/_internal/dns_cloudflare.py:108: "
    "PendingDeprecationWarning: \n"
    + 13 * f"       !!{'You are seeing this warning':^96}!!\n"
    + "  self.cf = CloudFlare.CloudFlare(token=api_token)\n"
)


def printed(error: str) -> str:
    """Standard error with this error."""
    first, rest = error.split("\n", 1) if error else ("", "")
    return f"{BEFORE}{BANNER}{first}\n{BANNER}{BANNER}{rest}{AFTER}"
