"""Tests of maps and districts."""
