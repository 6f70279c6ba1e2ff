"""Imports: somebody else's list becomes our rows. Mapping, reading, values and taking in have a module each."""
