"""The administrator: how the installation is, people and their open work, lost authenticators, working calendars."""
