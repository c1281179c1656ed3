"""Stand-ins of the three clouds the program talks to: Linode, Cloudflare and Tailscale.

Each package has `models` (state and rules, no HTTP), `routes` (HTTP in, HTTP out), `errors` (the
real API's error shapes) and `catalog` (what that cloud sells or starts with).
"""
