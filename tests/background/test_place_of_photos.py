"""What a photo says of its place, its camera and its maker is gone from everything that is served, wherever it was said."""

import io

import pytest
from PIL import ExifTags, Image

from models.tenants import Tenant
from tests.background.sending import Send, column, fetch
from tests.factories import files as made
from tests.factories import hostile
from tests.factories.companies import Company
from tests.factories.files import settle

PLANTED = {
    "JPEG": (b"Camera", b"Ana", b"maker", b"4711", b"xmp", b"city", b"comment", b"second picture", b"film"),
    "PNG": (b"Camera", b"maker", b"xmp", b"text", b"tail"),
    "WEBP": (b"Camera", b"Ana", b"maker", b"xmp"),
    "HEIF": (b"Camera", b"Ana", b"maker", b"xmp"),
}


@pytest.mark.parametrize("kind", PLANTED)
def test_place_camera_and_time_are_gone_from_a_photo(send: Send, kind: str) -> None:
    phone = send(hostile.talkative(kind))
    for word in PLANTED[kind]:
        assert hostile.TELLTALE + b" " + word in phone.data, word
    for query in ("", "thumbnail"):
        found = fetch(phone, query)
        image = Image.open(io.BytesIO(found))
        assert dict(image.getexif()) == {} and not image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        assert hostile.TELLTALE not in found and b"Exif" not in found and b"GPSLatitude" not in found
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("keeps", [False, True])
def test_the_small_copy_that_a_camera_puts_into_a_photo_is_gone(
    send: Send, company: Company, keeps: bool
) -> None:
    with company.work() as work:
        work.find_tenant(Tenant).keeps_photo_place = keeps
    phone = send(hostile.inside_jpeg(hostile.small_copy()))
    assert phone.data.count(b"\xff\xd8\xff") == 2 and hostile.TELLTALE in phone.data
    for query in ("", "thumbnail"):
        found = fetch(phone, query)
        assert found.count(b"\xff\xd8\xff") == 1 and hostile.TELLTALE not in found


@pytest.mark.parametrize("kind", PLANTED)
def test_a_company_may_keep_the_place_and_keeps_nothing_else(send: Send, company: Company, kind: str) -> None:
    with company.work() as work:
        work.find_tenant(Tenant).keeps_photo_place = True
    phone = send(hostile.talkative(kind))
    found = fetch(phone)
    exif = Image.open(io.BytesIO(found)).getexif()
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    assert (place[ExifTags.GPS.GPSLatitudeRef], [round(float(part)) for part in place[ExifTags.GPS.GPSLatitude]]) == ("N", [41, 52, 41])  # fmt: skip
    assert set(exif) == {ExifTags.Base.GPSInfo} and hostile.TELLTALE not in found
    assert not Image.open(io.BytesIO(fetch(phone, "thumbnail"))).getexif()


def test_the_setting_counts_at_the_moment_of_the_check(send: Send, company: Company) -> None:
    phone = send(hostile.talkative("JPEG"), done=False)
    with company.work() as work:
        work.find_tenant(Tenant).keeps_photo_place = True
    settle()
    assert Image.open(io.BytesIO(fetch(phone))).getexif().get_ifd(ExifTags.IFD.GPSInfo)


def test_a_turned_photo_that_keeps_its_place_is_turned_once(send: Send, company: Company) -> None:
    with company.work() as work:
        work.find_tenant(Tenant).keeps_photo_place = True
    image = Image.open(io.BytesIO(fetch(send(made.picture(turned=True)))))
    assert image.size == (600, 800) and ExifTags.Base.Orientation not in image.getexif()


def test_a_photo_with_rubbish_for_words_is_a_photo(send: Send, company: Company) -> None:
    with company.work() as work:
        work.find_tenant(Tenant).keeps_photo_place = True
    phone = send(hostile.broken_exif())
    assert phone.card()["stage"] == "clean", phone.card()["note"]
    assert column(phone, "taken_at") is None
