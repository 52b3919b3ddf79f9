"""Batches in the panel: their list, the bar of the chosen one, what is done with them."""
