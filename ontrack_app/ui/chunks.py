"""The only home of how the front end's modules are put together into files: on a slow line each small file costs a round trip."""

from typing import Any

from reflex.plugins import Plugin

VITE_CONFIG = "vite.config.js"
ANCHOR = "groups: [\n"
# Without them every icon is a file of 500 bytes, and a phone's first visit waits for thirty such.
GROUPS = (
    ("icons", r"/node_modules\/lucide-react\//"),
    ("react", r"/node_modules\/(react|react-dom|scheduler)\//"),
    ("router", r"/node_modules\/react-router\//"),
    ("radix", r"/node_modules\/(@radix-ui|radix-ui)\//"),
    ("crew", r"/public\/crew\//"),
)


class ChunksPlugin(Plugin):
    """Tells Vite which modules belong into one file; the rest stays as Reflex has it."""

    def pre_compile(self, **context: Any) -> None:
        """Adds our groups to the configuration that Reflex writes for Vite."""
        context["add_modify_task"](VITE_CONFIG, grouped)


def grouped(config: str) -> str:
    """The configuration with our groups before Reflex's own.

    Raises:
        RuntimeError: Reflex writes another configuration than the one that this knows.
    """
    if config.count(ANCHOR) != 1:
        raise RuntimeError(f"Reflex's {VITE_CONFIG} has no place any more for groups of modules.")
    ours = "".join(f'            {{ name: "{name}", test: {test} }},\n' for name, test in GROUPS)
    return config.replace(ANCHOR, ANCHOR + ours)
