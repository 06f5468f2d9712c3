"""What may be done to the catalogue (declared with the other permissions of posts)."""

from diwan.people.registry import EDIT_CATALOGUE, PUBLISH_CATALOGUE

MANAGE = EDIT_CATALOGUE
PUBLISH = PUBLISH_CATALOGUE
