"""The pages of clients and property managers, one module per noun, composed from `ontrack_app.ui` alone."""
