"""The field kinds of the product. Importing this package registers them."""

from diwan.forms.kinds import choices, dates, files, identifiers, numbers, places, texts

__all__ = ["choices", "dates", "files", "identifiers", "numbers", "places", "texts"]
