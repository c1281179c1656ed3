"""The stand-in Linode: instances, firewalls, events, and the public price list."""
