"""How a service runs, read from what was done: times and counts of its steps, its paths, what would be if.

::

    asked = asking(slug, first, last, by=actor)      # a service, a period, the municipalities that the asker reaches
    view = process_view(asked)                       # figures, paths, loops, the bottleneck, the drawing
    pieces = export_log(asked=asked, by=actor)       # the event log as XES (IEEE 1849), streamed
    answer = what_if(asked, change)                  # as it is against as it would be, simulated

No table of its own: everything is read from cases, their finished tasks and their history. Nothing names a person.
"""
