"""Registers of the state: people, commercial register, leases, deeds, civil defence, supervising bodies."""
