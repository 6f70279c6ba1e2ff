"""The background door: the outbox, its dispatcher, and the functions that it runs."""
