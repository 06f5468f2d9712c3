"""Tests of the adapters against the real peers."""
