"""The desk: queues, the page of a case, acts by keyboard, the board of a section head, first numbers."""
