"""What every peer shares: the guard at the door, switches, signed notices, pages."""
