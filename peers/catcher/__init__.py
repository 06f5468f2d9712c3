"""A catcher of mail and SMS: nothing leaves the machine, every message is shown on a page."""
