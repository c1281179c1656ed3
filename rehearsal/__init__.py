"""Runs the unchanged program with the real engine against a stand-in world on one machine."""
