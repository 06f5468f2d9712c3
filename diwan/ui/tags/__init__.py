"""The template tags by theme; `{% load ui %}` brings all of them (templatetags/ui.py)."""
