"""How services run: figures, drawing, event log, model and simulation."""
