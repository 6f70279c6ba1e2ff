"""The only home of how the web process is started: the names that Reflex reads, and granian's command line."""

import os
import sys
from pathlib import Path

from ontrack_app.settings import Settings

APP = "ontrack_app.ontrack_app:app"
DRAIN_S = 30
# Every name that we set for Reflex. The ones with __ are internal to it: tests/platform/test_serving.py compares them
# with the names in the installed version.
MODE = "REFLEX_ENV_MODE"
API_URL = "REFLEX_API_URL"
WEB_DIR = "REFLEX_WEB_WORKDIR"
HOME = "REFLEX_DIR"
USE_NPM = "REFLEX_USE_NPM"
NO_TELEMETRY = "REFLEX_TELEMETRY_ENABLED"
NO_VERSION_CHECK = "REFLEX_CHECK_LATEST_VERSION"
MOUNT_FRONT_END = "__REFLEX_MOUNT_FRONTEND_COMPILED_APP"
SKIP_COMPILE = "__REFLEX_SKIP_COMPILE"
NAMES = (MODE, API_URL, WEB_DIR, HOME, USE_NPM, NO_TELEMETRY, NO_VERSION_CHECK, MOUNT_FRONT_END, SKIP_COMPILE)


def quiet(home: Path) -> dict[str, str]:
    """For every Reflex process: it tells nobody anything, and keeps its own files with ours."""
    return {NO_TELEMETRY: "false", NO_VERSION_CHECK: "false", HOME: str(home), MODE: "prod"}


def web_environment(settings: Settings, site: Path, home: Path) -> dict[str, str]:
    """What the web process needs to serve an already built front end and the app from one port, without compiling."""
    return quiet(home) | {
        MOUNT_FRONT_END: "true",
        SKIP_COMPILE: "true",
        API_URL: settings.base_url,
        WEB_DIR: str(site),
        "PORT": str(settings.port),
        "PYTHONUNBUFFERED": "1",
    }


def web_command(settings: Settings) -> list[str]:
    """Granian with one worker (more need Redis), on this machine's own address unless in production."""
    workers = min(4, os.cpu_count() or 1) if settings.redis_url else 1
    options = {
        "--interface": "asgi",
        "--host": "0.0.0.0" if settings.is_production else "127.0.0.1",  # noqa: S104 - behind a proxy
        "--port": str(settings.port),
        "--workers": str(workers),
        "--log-level": "error",
        "--workers-kill-timeout": str(DRAIN_S),
    }
    flat = [word for pair in options.items() for word in pair]
    return [sys.executable, "-m", "granian", *flat, "--factory", APP]


def worker_command() -> list[str]:
    """The background process."""
    return [sys.executable, "-m", "ontrack_app.cli", "worker"]
