"""Services tried with test people."""
