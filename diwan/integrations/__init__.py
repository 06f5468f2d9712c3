"""Adapters to outside systems, one folder each; the lower layers name them by dotted path in settings only."""
