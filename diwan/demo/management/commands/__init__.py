"""Commands: demo and code."""
