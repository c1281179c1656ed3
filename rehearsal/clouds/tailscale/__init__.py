"""The Tailscale stand-in: auth keys, devices and the policy of one tailnet."""
