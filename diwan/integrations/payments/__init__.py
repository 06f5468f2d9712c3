"""The payment system over HTTP: bills out, signed notices in."""
