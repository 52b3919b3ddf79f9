"""A file in, text with positions out: one reader per kind of file. Pure."""
