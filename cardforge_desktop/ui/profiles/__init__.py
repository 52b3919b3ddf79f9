"""The profiles panel."""
