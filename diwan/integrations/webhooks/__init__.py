"""Webhooks over HTTP: posted to addresses of partners, never to an address inside a network."""
