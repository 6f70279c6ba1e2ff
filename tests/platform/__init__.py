"""What runs beneath the app: Postgres, processes, build, locks."""
