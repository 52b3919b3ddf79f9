"""What stands beside the editor: how a card looks to readers, what to mend, how it was before."""
