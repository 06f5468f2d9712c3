"""Screens, split by audience: each folder is an application with its own addresses."""
