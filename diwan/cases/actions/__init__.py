"""Writes on cases, one a file. Each locks, checks permission and guard, changes, and writes history, audit and outbox."""
