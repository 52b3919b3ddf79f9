"""What drafts are made with, shown and changed before Start."""
