"""How servers and clouds differ from what the release, the bootstrap and the program say."""
