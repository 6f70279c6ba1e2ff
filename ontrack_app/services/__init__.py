"""Every rule and every write: plain functions that take a `Work`."""
