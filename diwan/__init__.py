"""Diwan: services of a municipality over one case engine."""
