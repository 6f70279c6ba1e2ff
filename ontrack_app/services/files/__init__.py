"""Files: what may be said of one and by whom. Sending is in `uploads`, checking in `checks`, serving in `serving`."""

from ontrack_app.services.files.cards import archive, card, get, list_page, patch

__all__ = ["archive", "card", "get", "list_page", "patch"]
