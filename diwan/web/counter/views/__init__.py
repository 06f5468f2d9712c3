"""Views: parse, one action or query, render."""
