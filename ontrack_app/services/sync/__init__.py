"""The sync protocol for crews without a signal, after docs/OFFLINE.md: `hello`, `push`, `pull`, `snapshot`."""
