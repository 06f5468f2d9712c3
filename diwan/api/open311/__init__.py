"""Open311 GeoReport v2: reports to 940 as programs of other cities already send and read them (docs/open311.md)."""
