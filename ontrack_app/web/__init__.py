"""Doors and pages outside the front end: the guard, its headers, and server-rendered pages."""
