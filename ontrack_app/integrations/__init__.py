"""The outside world, each behind a narrow protocol in our own words."""
