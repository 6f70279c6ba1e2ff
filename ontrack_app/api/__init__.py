"""The REST door: the same services over HTTP."""
