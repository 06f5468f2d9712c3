"""`{% load ui %}`: every tag and filter of the interface. See diwan/ui/README.md for the list."""

from django import template

from diwan.ui.tags import blocks, controls, lists, special, values

register = template.Library()
for _library in (values.register, controls.register, special.register, blocks.register, lists.register):
    register.tags.update(_library.tags)
    register.filters.update(_library.filters)
