"""Walks through a running installation as its people: over HTTP, by its pages and its public API, and nothing else."""
