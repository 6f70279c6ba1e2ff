"""The only home of Reflex's own settings; which address it serves comes from the environment (embedded/serving.py)."""

import reflex as rx

from ontrack_app.settings import settings
from ontrack_app.ui.chunks import ChunksPlugin
from ontrack_app.ui.theme import theme
from ontrack_app.web.origins import ourselves

config = rx.Config(
    app_name="ontrack_app",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    cors_allowed_origins=sorted(ourselves(settings()).origins),  # the default is everybody, with credentials
    redis_url=settings().redis_url or None,
    # The default keeps state as pickles on disk, cookies included.
    state_manager_mode=rx.constants.StateManagerMode.REDIS
    if settings().redis_url
    else rx.constants.StateManagerMode.MEMORY,
    frontend_compression_formats=["brotli", "gzip"],  # a phone's first visit waits for these bytes
    plugins=[rx.plugins.RadixThemesPlugin(theme=theme()), ChunksPlugin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
