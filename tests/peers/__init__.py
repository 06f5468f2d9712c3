"""Tests of the outside systems that demo and tests talk to."""
