"""Character books as things of their own: kept, searched, edited, tested, exchanged."""
