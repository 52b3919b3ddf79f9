"""Books from files, into files and into cards: what the panel asks and tells of it."""
