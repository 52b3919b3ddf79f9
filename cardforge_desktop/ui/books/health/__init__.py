"""What is wrong with the open book, beside its entries."""
