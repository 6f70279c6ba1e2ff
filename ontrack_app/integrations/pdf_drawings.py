"""The only home of drawn signatures on paper: strokes or a PNG picture become one SVG that the typesetter can place."""

from base64 import b64encode
from collections.abc import Sequence
from math import isfinite

INK = "#1c2024"
PNG_HEAD = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
MAX_SIDE = 4000


def from_png(png: bytes) -> str:
    """The picture in an SVG; empty for what is no PNG of a sane size."""
    if not png.startswith(PNG_HEAD):
        return ""
    width, height = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    if not 0 < height <= MAX_SIDE or not 0 < width <= MAX_SIDE:
        return ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {max(height, width // 4)}" '
        f'width="{width}" height="{max(height, width // 4)}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{b64encode(png).decode()}"/></svg>'
    )


def from_strokes(strokes: Sequence[Sequence[Sequence[float]]]) -> str:
    """The strokes as an SVG picture, never wider than four times its height; empty for none."""
    points = [[(float(x), float(y)) for x, y in stroke] for stroke in strokes if len(stroke) > 0]
    flat = [number for stroke in points for point in stroke for number in point]
    if not flat or not all(isfinite(number) for number in flat):
        return ""
    left, top = min(flat[::2]) - 2, min(flat[1::2]) - 2
    width, height = max(flat[::2]) - left + 2, max(flat[1::2]) - top + 2
    height = max(height, width / 4)
    paths = "".join(
        f'<polyline points="{" ".join(f"{x - left:.1f},{y - top:.1f}" for x, y in stroke)}"/>'
        for stroke in points
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.1f} {height:.1f}" '
        f'width="{width:.1f}" height="{height:.1f}" fill="none" stroke="{INK}" stroke-width="2.2" '
        f'stroke-linecap="round" stroke-linejoin="round">{paths}</svg>'
    )
