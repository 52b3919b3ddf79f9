"""Which entries of the open book a chat wakes."""
