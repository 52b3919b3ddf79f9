"""A profile before it is saved: the exact prompt for a source, and a card made to try it."""
