"""The shapes that screens are given: plain text, ready to be drawn, one file per noun."""
