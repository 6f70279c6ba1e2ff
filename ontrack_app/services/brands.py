"""The only home of a tenant's face: what its clients see of it on pages and in mails, and the colours made from its one colour.

`Tenant.brand` holds `color` (such as #35599f), `mark` (up to two letters) and `line` (a licence number); each may be missing.
"""

import math
import re
from dataclasses import dataclass, field

from models.tenants import Tenant
from ontrack_app.work import Work

PETROL = "#006972"
READABLE = 4.5
# fmt: off
LIGHT = ["#fafdfd", "#f3fafb", "#e2f4f6", "#cfeef2", "#bce7ec", "#a6dce2",
    "#8acdd4", "#64b7c0", "#006972", "#005d66", "#00656e", "#053539"]
DARK = ["#0c1213", "#111a1b", "#12272a", "#103236", "#113e42", "#174c52",
    "#1e5e65", "#26757e", "#047781", "#0b7f89", "#77ced8", "#c7edf1"]
# fmt: on
SELECTED = ("#eaf6f7", "#13282b")
Channels = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Face:
    """A contractor as its clients see it. `tokens` are CSS custom properties, empty for one without a colour of its own."""

    name: str
    line: str = ""
    mark: str = ""
    phone: str = ""
    email: str = ""
    color: str = PETROL
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def style(self) -> str:
        """The tokens as the text of a style attribute."""
        return "; ".join(f"{name}: {value}" for name, value in self.tokens.items())


def of_tenant(tenant: Tenant) -> Face:
    """The face of a tenant."""
    brand = tenant.brand or {}
    place = ", ".join(part for part in (tenant.city, tenant.region) if part)
    color = brand.get("color", "").lower()
    own = bool(re.fullmatch(r"#[0-9a-f]{6}", color))
    return Face(
        name=tenant.name,
        line=brand.get("line", "") or place,
        mark=brand.get("mark", "")[:2] or initials(tenant.name),
        phone=tenant.phone,
        email=tenant.email,
        color=ladder(color)[0][8] if own else PETROL,
        tokens=tokens(color) if own else {},
    )


def face(work: Work) -> Face:
    """The face of the tenant that this transaction is in."""
    return of_tenant(work.find_tenant(Tenant))


def initials(name: str) -> str:
    """Up to two letters that stand for a company."""
    words = [word for word in re.findall(r"\w+", name) if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper()


def tokens(color: str) -> dict[str, str]:
    """The accent of a colour, in both themes, under the names of the stylesheet; the six tints never follow it."""
    light, dark = ladder(color)
    found = {f"--brand-{n}": f"light-dark({light[n - 1]}, {dark[n - 1]})" for n in range(1, 13)}
    selected = [_like(step, *_hue_and_strength(color)) for step in SELECTED]
    return {**found, "--selected": f"light-dark({selected[0]}, {selected[1]})"}


def ladder(color: str) -> tuple[list[str], list[str]]:
    """Twelve steps for light and twelve for dark: our own steps of lightness in another hue, so that contrast is kept
    whatever colour somebody chose; white on step 9 and step 11 on step 2 are measured and mended."""
    hue, strength = _hue_and_strength(color)
    scales = []
    for steps, away in ((LIGHT, -1), (DARK, 1)):
        scale = [_like(step, hue, strength) for step in steps]
        scale[8] = _until_readable(scale[8], "#ffffff", -1)
        scale[9] = _until_readable(scale[9], "#ffffff", -1)
        scale[10] = _until_readable(scale[10], scale[2], away)
        scales.append(scale)
    return scales[0], scales[1]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG measures it, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _until_readable(color: str, ground: str, step: int) -> str:
    while contrast(color, ground) < READABLE:
        lightness, chroma, hue = _oklch(color)
        color = _hex(lightness + step * 0.01, chroma, hue)
    return color


def _hue_and_strength(color: str) -> tuple[float, float]:
    _, chroma, hue = _oklch(color)
    return hue, min(chroma / _oklch(PETROL)[1], 1.9)


def _like(step: str, hue: float, strength: float) -> str:
    lightness, chroma, _ = _oklch(step)
    return _hex(lightness, chroma * strength, hue)


def _linear(color: str) -> Channels:
    shares = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return red, green, blue


def _luminance(color: str) -> float:
    red, green, blue = _linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _oklch(color: str) -> Channels:
    red, green, blue = _linear(color)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _hex(lightness: float, chroma: float, hue: float) -> str:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(_encoded(share) * 255):02x}" for share in linear)


def _encoded(share: float) -> float:
    share = min(max(share, 0.0), 1.0)
    return share * 12.92 if share <= 0.0031308 else 1.055 * share ** (1 / 2.4) - 0.055
