"""Puts a batch together: sources × profiles × engines, with what it would take."""
