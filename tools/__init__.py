"""Tools of the developers and of the build; no part of the product imports them."""
