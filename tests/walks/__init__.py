"""Walk-throughs by browser as the demo people, against a running installation, kept with pictures.

Each `test_<walk>_*.py` is one walk. `./test --full` runs them; with WALK_PICTURES set their pictures become those of
`docs/walks`, else they are left in `var/test/walks`.
"""
