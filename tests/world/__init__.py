"""Scenarios in the stand-in world: containers, the real engine, the unchanged program."""
