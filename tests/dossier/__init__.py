"""The file of a case or licence."""
