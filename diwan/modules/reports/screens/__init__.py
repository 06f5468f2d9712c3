"""Screens of reports: read the form, one action or query, render."""
