"""The demo: two companies with a past, made through the services as the people who would have done each thing."""

from ontrack_app.demo.load import load

__all__ = ["load"]
