"""Files that are not what they seem: each is not taken, with words why and nothing of it served, or comes out as a picture only."""

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.background.sending import Send, fetch, kept, variants
from tests.factories import files as made
from tests.factories import hostile

NOT_TAKEN: dict[str, tuple[bytes, str, str]] = {
    "svg with a script": (made.SVG, "failed", "an SVG drawing"),
    "web page called a photo": (made.HTML, "failed", "a web page"),
    "program": (b"MZ" + bytes(200), "failed", "a program"),
    "linux program": (b"\x7fELF" + bytes(200), "failed", "a program"),
    "script": (b"#!/bin/sh\necho hello\n", "failed", "a script"),
    "zip": (made.archive({"a.txt": b"x"}), "failed", "an archive"),
    "zip bomb": (made.bomb(), "failed", "an archive"),
    "office document": (made.archive({"word/document.xml": b"<x/>"}), "failed", "an office document"),
    "test virus": (made.EICAR, "infected", "EICAR"),
    "test virus in a photo": (made.picture() + made.EICAR, "infected", "EICAR"),
    "text": (b"just words", "failed", "a text"),
    "film": (b"\x00\x00\x00\x18ftypmp42" + bytes(100), "failed", "a film"),
    "png of 65,000 x 65,000": (made.huge_png(), "failed", "4,225 megapixels"),
    "jpeg of 65,500 x 65,500": (hostile.large_by_its_header("JPEG"), "failed", "4,290 megapixels"),
    "gif of 65,500 x 65,500": (hostile.large_by_its_header("GIF"), "failed", "4,290 megapixels"),
    "png whose words are a bomb": (hostile.text_bomb(), "failed", "cannot be read"),
    "png whose colours are a bomb": (hostile.profile_bomb(), "failed", "cannot be read"),
    "broken photo": (b"\xff\xd8\xff\xe0" + bytes(500), "failed", "cannot be read"),
    "png that is none": (b"\x89PNG\r\n\x1a\n" + b"x" * 300, "failed", "cannot be read"),
    "pdf with a script": (made.PDF.replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S/J#61vaScript/JS(x)>>"), "infected", "runs a script"),
    "pdf that starts a program": (made.PDF.replace(b"/Type/Catalog", b"/Type/Catalog/A<</S/Launch>>"), "infected", "starts a program"),
    "pdf that carries files": (made.PDF.replace(b"/Type/Catalog", b"/Type/Catalog/EmbeddedFile"), "infected", "carries other files"),
    "pdf that is an archive": (made.PDF + made.archive({"a": b"x"}), "failed", "something else at the same time"),
    "pdf that is a page": (hostile.pdf_of_page(), "failed", "something else at the same time"),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_what_is_not_taken_says_why_and_is_never_served(send: Send, store_home: Path, name: str) -> None:
    data, stage, words = NOT_TAKEN[name]
    phone = send(data, kind="document", filename="roof.jpg", filetype="image/jpeg")
    card = phone.card()
    assert card["stage"] == stage and words in card["note"]
    assert (card["url"], card["thumbnail_url"], card["content_type"]) == ("", "", "")
    assert kept(store_home, phone) == ["original"] and variants(phone) == 0


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "HEIF"])
@pytest.mark.parametrize("part", [0.5, 0.98])
def test_a_photo_that_was_cut_off_is_told_and_not_shown_half(send: Send, kind: str, part: float) -> None:
    data = made.picture(kind)
    phone = send(data[: int(len(data) * part)])
    assert (phone.card()["stage"], variants(phone)) == ("failed", 0)
    assert "cannot be read" in phone.card()["note"]


def test_a_pdf_is_no_photo_whatever_it_is_called(send: Send) -> None:
    card = send(made.PDF, kind="photo", filename="photo.jpg", filetype="image/jpeg").card()
    assert (card["stage"], card["note"]) == ("failed", "This is a PDF, and a photo is a picture.")


TWO_THINGS = {
    "photo and archive": (made.polyglot(), (made.SCRIPT, b"PK\x03\x04")),
    "gif and script": (hostile.gif_script(), (made.SCRIPT, b"*/=1;")),
    "photo and pdf": (hostile.photo_of_pdf(), (b"%PDF-", b"/Catalog")),
    "png and page": (hostile.inside_png(hostile.chunk(b"tEXt", b"Comment\x00" + made.HTML)), (b"<script",)),
}


@pytest.mark.parametrize("name", TWO_THINGS)
def test_nothing_but_the_picture_survives_of_a_file_that_is_two_things(send: Send, name: str) -> None:
    data, traces = TWO_THINGS[name]
    assert all(trace in data for trace in traces)
    phone = send(data)
    assert phone.card()["stage"] == "clean"
    for query in ("", "thumbnail"):
        found = fetch(phone, query)
        Image.open(io.BytesIO(found)).load()
        assert not any(trace in found for trace in traces)


def test_a_pdf_with_a_photo_behind_it_is_only_ever_a_pdf(send: Send) -> None:
    phone = send(hostile.pdf_of_photo(), kind="document", filename="roof.jpg")
    assert (phone.card()["content_type"], phone.card()["thumbnail_url"]) == ("application/pdf", "")


def test_pixels_that_are_more_than_the_picture_has_are_left_out(send: Send) -> None:
    phone = send(hostile.pixel_bomb())
    assert (phone.card()["stage"], phone.card()["width"], phone.card()["height"]) == ("clean", 1000, 750)


def test_a_picture_just_over_the_limit_is_told_how_large_it_may_be(send: Send) -> None:
    card = send(made.huge_png(7_100, 7_100)).card()
    assert (card["stage"], card["note"]) == ("failed", "The picture has 50 megapixels; at most 50 are taken.")
