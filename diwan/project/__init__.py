"""Settings, root addresses, WSGI entry, command line and launcher: wiring only."""
