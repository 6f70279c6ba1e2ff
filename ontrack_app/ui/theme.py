"""The only home of what a Reflex page needs to look like OnTrack: Radix theme, stylesheet, head."""

import reflex as rx

STYLESHEETS: list[str] = ["/ui.css"]


def theme() -> rx.Component:
    """The Radix theme for `RadixThemesPlugin(theme=…)`; ui.css puts our petrol into its teal and follows the system's light or dark."""
    return rx.theme(
        appearance="inherit",
        accent_color="teal",
        gray_color="slate",
        radius="medium",
        scaling="100%",
        panel_background="solid",
        has_background=True,
    )


def head() -> list[rx.Component]:
    """What stands in every page's head: font, colour of the browser's own bars, icons, viewport."""
    return [
        rx.el.meta(name="viewport", content="width=device-width, initial-scale=1, viewport-fit=cover"),
        rx.el.meta(name="color-scheme", content="light dark"),
        rx.el.meta(
            name="theme-color", content="#ffffff", custom_attrs={"media": "(prefers-color-scheme: light)"}
        ),
        rx.el.meta(
            name="theme-color", content="#161719", custom_attrs={"media": "(prefers-color-scheme: dark)"}
        ),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(
            rel="preload",
            href="/fonts/inter-latin.woff2",
            type="font/woff2",
            # Words can be read in another font first; on a slow line nothing else can come later.
            custom_attrs={"as": "font", "crossOrigin": "anonymous", "fetchPriority": "low"},
        ),
    ]
