"""The screens: read the form, one action or query, render."""
