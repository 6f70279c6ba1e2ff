"""The process that decodes one picture: reads what is asked from its input, says what it wrote, and ends. The only home of
Pillow; nothing else may import it, so that no server or worker ever decodes a stranger's picture itself."""

import io
import json
import resource
import sys
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import ExifTags, Image, ImageCms, ImageOps

MEMORY = 2 * 1024**3
PROCESSOR_SECONDS = 25
WRITTEN = 200 * 1024**2
THUMBNAIL = (480, 480)
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
KEPT_WITH_GLASS = ("RGBA", "LA", "PA")
TOO_LARGE = "The picture has {pixels} megapixels; at most {most} are taken."


class Refused(Exception):
    """With words for the sender."""


class NoRoom(Exception):
    """What was drawn could not be written down: the disk's doing, not the picture's."""


def main() -> None:
    """One picture."""
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    asked = json.load(sys.stdin)
    try:
        said = redraw(Path(asked["source"]), Path(asked["into"]), asked["most_pixels"], asked["keep"])
    except Refused as refusal:
        said = {"error": str(refusal)}
    except NoRoom as full:
        said = {"busy": str(full)}
    except Exception:  # noqa: BLE001 - a decoder may raise anything; what it was is of no use to the sender
        said = {"error": ""}
    sys.stdout.write(json.dumps(said))


def redraw(source: Path, into: Path, most_pixels: int, keep: bool) -> dict[str, Any]:
    """The picture and its thumbnail as new files, and what is known of them."""
    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and looked at before a pixel is decoded
    with Image.open(source, formats=FORMATS) as opened:
        pixels = opened.width * opened.height
        if pixels > most_pixels:
            raise Refused(TOO_LARGE.format(pixels=f"{pixels / 1e6:,.0f}", most=most_pixels // 1_000_000))
        taken, place = _told(opened)
        lossless = opened.format in ("PNG", "GIF")
        upright = _in_srgb(_turned(opened))
    glass = upright.mode in KEPT_WITH_GLASS or "transparency" in upright.info
    whole = upright.convert("RGBA" if glass else "RGB")
    small = whole.copy()
    small.thumbnail(THUMBNAIL, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return {
        "picture": _write(
            whole, into / "picture", lossless=lossless or glass, exif=place if keep else b"", quality=90
        ),
        "thumbnail": _write(small, into / "thumbnail", lossless=glass, exif=b"", quality=80),
        "taken": taken,
    }


def _told(picture: Image.Image) -> tuple[str, bytes]:
    """When the camera says that it was taken, and an EXIF that holds the place and nothing else; both empty where the camera
    wrote something broken, which is no reason to lose the picture."""
    try:
        exif = picture.getexif()
        taken = str(exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal, ""))
        place = Image.Exif()
        place.get_ifd(ExifTags.IFD.GPSInfo).update(exif.get_ifd(ExifTags.IFD.GPSInfo))
        return taken, place.tobytes() if place.get_ifd(ExifTags.IFD.GPSInfo) else b""
    except Exception:  # noqa: BLE001 - what a stranger's EXIF may raise has no end
        return "", b""


def _turned(picture: Image.Image) -> Image.Image:
    """The right way up, as far as the camera says in words which way that is."""
    picture.load()
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # noqa: BLE001 - as above
        return picture


def _write(picture: Image.Image, path: Path, *, lossless: bool, exif: bytes, quality: int) -> dict[str, Any]:
    picture.info.clear()
    drawn = io.BytesIO()
    if lossless:
        picture.save(drawn, format="PNG", exif=exif, compress_level=3)
    else:
        picture.save(drawn, format="JPEG", quality=quality, exif=exif)
    try:
        path.write_bytes(drawn.getbuffer())
    except OSError as error:
        raise NoRoom(f"no room for a picture: {error.strerror}") from None
    kind = "image/png" if lossless else "image/jpeg"
    return {"path": str(path), "type": kind, "width": picture.width, "height": picture.height}


def _in_srgb(picture: Image.Image) -> Image.Image:
    """The colours as every screen shows them; a profile that cannot be used is left out."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK"):
        return picture
    try:
        ours, theirs = ImageCms.createProfile("sRGB"), ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGB" if picture.mode == "CMYK" else picture.mode
        return ImageCms.profileToProfile(picture, theirs, ours, outputMode=mode) or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture


if __name__ == "__main__":
    main()
