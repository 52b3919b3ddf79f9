"""The queue: states, scheduling, the pool of workers, crash recovery, and the report of a batch."""
