"""The workflows in `.github/workflows`: what they may do, and what they run."""
