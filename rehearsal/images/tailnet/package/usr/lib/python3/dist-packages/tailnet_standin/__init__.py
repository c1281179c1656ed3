"""A stand-in for the Tailscale client, made for the FKS rehearsal. It is not Tailscale."""

VERSION = "1.102.5"
NOTICE = "stand-in of the FKS rehearsal, not Tailscale"
