"""Where the file is asked for."""
