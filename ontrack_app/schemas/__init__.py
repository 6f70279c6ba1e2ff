"""What crosses a door: inputs that are validated, and cards that are shown."""
