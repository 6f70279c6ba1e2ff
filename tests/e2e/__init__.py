"""Walks from outside: the whole program as `ontrack up` starts it, and a real Chromium."""
