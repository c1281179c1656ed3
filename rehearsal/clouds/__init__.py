"""HTTP stand-ins of the APIs of Linode, Cloudflare and Tailscale.

Each package has `models` (state and rules, no HTTP), `routes` (HTTP), `errors` (the real API's
error shapes) and `catalog` (what that cloud offers or has at the start).
"""
