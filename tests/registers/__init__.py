"""The register of licences."""
