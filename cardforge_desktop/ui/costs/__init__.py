"""The costs panel."""
