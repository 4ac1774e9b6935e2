"""What was passed on, to whom, with whose consent, and what became of it? The record."""
