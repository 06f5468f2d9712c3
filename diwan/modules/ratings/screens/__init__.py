"""The page of a rating."""
