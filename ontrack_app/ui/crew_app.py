"""The only home of what makes a crew page one of the installed app's: its tags in the head, and its worker registered."""

import reflex as rx
from reflex.utils.imports import ImportVar

START = "startCrewApp"


class _Installed(rx.Fragment):  # type: ignore[misc]  # Reflex has no type for it
    """Draws nothing; starts assets/crew/install.js once the page is there."""

    def add_imports(self) -> dict[str, list[ImportVar]]:
        """The worker's registration, and React's effect that calls it."""
        return {
            "react": [ImportVar(tag="useEffect")],
            "$/public/crew/install.js": [ImportVar(tag="start", alias=START)],
        }

    def add_hooks(self) -> list[str]:
        """Called in the browser only, after the page is drawn."""
        return [f"useEffect(() => {{ {START}(); }}, []);"]


def crew_app() -> rx.Component:
    """Belongs into every crew page, anywhere: React puts the tags into the page's head."""
    return rx.fragment(
        rx.el.link(rel="manifest", href="/crew/app.webmanifest"),
        rx.el.link(rel="apple-touch-icon", href="/crew/apple-touch-icon.png"),
        rx.el.meta(name="apple-mobile-web-app-title", content="OnTrack"),
        rx.el.meta(name="mobile-web-app-capable", content="yes"),
        _Installed.create(),
    )
