"""Short messages over a web gateway, and its delivery receipts."""
