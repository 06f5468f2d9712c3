"""Tests of the interface foundation."""
