"""The only home of what runs beneath and around the app on one machine: Postgres, Node, the front-end build, processes."""
