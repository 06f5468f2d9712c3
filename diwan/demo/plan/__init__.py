"""The plan of the demo city: what will be written, as values. Nothing here touches the database.

The plan is a pure function of a seed and of the day on which the city was loaded, so that loading twice, and making
cases later, speak of the same people, shops and streets.
"""
