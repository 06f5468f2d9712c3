"""Writes on cases, one a file: lock, permission, guard, change, history and audit, outbox, in this order."""
