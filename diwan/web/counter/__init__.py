"""The counter: a clerk files for a visitor who has no account, in one screen and by keyboard."""
