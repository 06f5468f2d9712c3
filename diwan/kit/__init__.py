"""Pure building blocks: clock, calendars, numbers, money, Arabic text. No Django, no input or output."""
