"""The crew's pages: drawn by Reflex, filled by the module in assets/crew, so that they work without a signal."""
