"""Editing one profile."""
