"""Two people changed one profile: what each did, side by side, and what becomes of it."""
