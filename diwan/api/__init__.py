"""The public and partner HTTP API: thin doors to the same actions and queries as the pages."""
