"""The stand-in Tailscale: auth keys, devices, and the control server devices register with."""
