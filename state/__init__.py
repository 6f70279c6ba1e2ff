"""What a screen remembers: one State per noun, and the door through which it asks."""
