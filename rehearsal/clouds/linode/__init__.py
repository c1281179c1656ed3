"""The Linode stand-in: instances, Cloud Firewalls and their events."""
