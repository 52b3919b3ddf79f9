"""What a profile was, version by version, and what was set aside."""
