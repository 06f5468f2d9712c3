"""Tests of the store of files."""
