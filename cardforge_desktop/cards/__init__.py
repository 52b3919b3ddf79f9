"""What a character card, and the book in it, is: model, formats, avatar; and the library that keeps them."""
