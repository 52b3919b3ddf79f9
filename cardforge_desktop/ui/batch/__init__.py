"""The batch panel."""
