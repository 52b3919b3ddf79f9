"""What calls cost: the ledger of every call made, and prices."""
