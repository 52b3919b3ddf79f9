"""The books panel."""
