"""The demo city: an invented amanah with its places, people, establishments and a year of cases.

Nothing imports this package and no other code knows whether a city is a demo. Its commands refuse to run in
production, and `diwan demo remove` empties a database only when `diwan demo load` has filled it.
"""
