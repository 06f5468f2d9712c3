"""Ratings: the link, what comes of a low score, and results."""
