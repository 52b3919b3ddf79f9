"""A process that makes cards is killed at random moments, started again and checked, again and again."""
