"""Every page of the product in a real browser, in both languages, as the people who read it."""
