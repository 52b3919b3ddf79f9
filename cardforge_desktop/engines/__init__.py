"""A prompt in, structured text out, streamed: one file per wire format, the built-in engine among them."""
