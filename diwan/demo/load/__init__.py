"""Writing the plan into the database. Every part can be repeated: what is there already stays as it is."""
