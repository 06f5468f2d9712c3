"""Signing in, acting in a capacity, locking and signing out; tells every request who acts (`request.actor`)."""
