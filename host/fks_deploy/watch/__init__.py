"""Watches this server once a minute and sends alerts; standard library only."""
