"""A stand-in world on one machine in which the unchanged program runs with the real engine."""
