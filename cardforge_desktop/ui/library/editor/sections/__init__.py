"""The pages of the editor, one for each part of a card."""
