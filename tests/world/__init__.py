"""Scenarios in the rehearsal's world: containers, the real engine, the unchanged program."""
