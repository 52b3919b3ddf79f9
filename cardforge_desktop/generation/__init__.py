"""Source + profile + engine → card: prompts, plan, schema, repair."""
