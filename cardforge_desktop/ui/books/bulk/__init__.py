"""Dialogs that change many entries, or one as a whole; each says what it would do before it does it."""
