"""Thin domains with screens of their own. They do not know each other."""
