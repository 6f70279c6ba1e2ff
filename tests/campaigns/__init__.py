"""Campaigns: what a paying tenant would try, generated from the application itself, seeded and replayable."""
