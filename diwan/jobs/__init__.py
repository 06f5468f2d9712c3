"""Background work: sweeps that claim waiting rows, and schedules. Each loads objects and makes one action call."""
