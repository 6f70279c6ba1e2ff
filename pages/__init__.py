"""The office's pages, one module per noun, composed from `ontrack_app.ui` alone."""
