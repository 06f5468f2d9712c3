"""State registers over HTTP: questions answered at once, and requests to bodies that answer later."""
