"""Cards of the same source side by side."""
