"""Reports of the unified number 940."""
