"""The sync protocol over HTTP, under /api/sync/v1."""
