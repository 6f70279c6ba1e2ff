"""The only home of how a mapping comes to be: read from its file, or guessed from the names of the columns."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from models.leads import LEAD_FIELDS
from ontrack_app.errors import Invalid
from ontrack_app.schemas.imports import IMPORTABLE, Mapping, mapping_words

MAPPING_MOST_BYTES = 1_000_000
SYNONYMS = {
    "name": ("full name", "contact", "contact name", "customer", "customer name", "client", "client name", "lead", "company"),
    "email": ("e-mail", "email address", "e-mail address", "mail"),
    "phone": ("telephone", "tel", "mobile", "cell", "phone number", "cell phone"),
    "need": ("description", "purpose", "message", "details", "job", "work", "scope", "notes", "request"),
    "street": ("address", "street address", "address 1", "address line 1", "property address", "site address"),
    "city": ("town", "municipality"),
    "region": ("state", "province", "state/province"),
    "postal_code": ("zip", "zip code", "zipcode", "postcode", "postal"),
    "country": ("country code",),
    "value": ("amount", "cost", "estimated value", "budget", "price"),
    "urgency": ("priority",),
    "source": ("lead source", "referred by", "heard of us"),
    "created_at": ("date", "created", "created on", "date created", "received"),
}  # fmt: skip
KEY_NAMES = (
    "source_ref",
    "number at the source",
    "reference",
    "ref",
    "id",
    "external id",
    "permit",
    "permit number",
)


def read(path: Path) -> Mapping:
    """The mapping that a JSON file holds.

    Raises:
        Invalid: it is no JSON, too large, or something in it does not fit, each in words.
    """
    try:
        raw = path.read_bytes() if path.stat().st_size <= MAPPING_MOST_BYTES else None
    except OSError as error:
        raise Invalid(f"The mapping file {path.name} cannot be read: {error.strerror}.") from error
    if raw is None:
        raise Invalid(f"The mapping file {path.name} is larger than {MAPPING_MOST_BYTES:,} bytes.")
    try:
        given = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise Invalid(f"The mapping file {path.name} is not UTF-8.") from None
    except json.JSONDecodeError as error:
        words = f"The mapping file {path.name} is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        raise Invalid(words) from None
    except RecursionError:
        raise Invalid(f"The mapping file {path.name} is nested too deep.") from None
    return parse(given, path.name)


def parse(given: Any, file_name: str = "mapping") -> Mapping:
    """The mapping as an object of JSON.

    Raises:
        Invalid: something in it does not fit, each in words.
    """
    if not isinstance(given, dict):
        raise Invalid(f"The mapping file {file_name} must hold one object: {{ … }}.")
    try:
        return Mapping.model_validate(given)
    except ValidationError as error:
        raise Invalid(
            "\n".join([f"The mapping file {file_name} cannot be used.", *mapping_words(error)])
        ) from None


def guess(header: Sequence[str], file_name: str) -> Mapping:
    """A mapping for a file whose columns are named as our fields are, or nearly.

    Raises:
        Invalid: a column means nothing to us, two mean the same, or none is the name.
    """
    known = _names()
    fields: dict[str, str] = {}
    unknown: list[str] = []
    for column in header:
        name = None if "{" in column or "}" in column else known.get(_plain(column))
        if name is None:
            unknown.append(column)
        elif name in fields:
            raise Invalid(
                f"The columns “{fields[name]}” and “{column}” both look like {name}. Use --mapping to say which."
            )
        else:
            fields[name] = column
    if unknown or "name" not in fields:
        raise Invalid(_guess_words(header, unknown))
    key = fields.pop("source_ref", None)
    given: dict[str, Any] = {"fields": fields}
    if key:
        given["key"] = key
    if key and "source" not in fields:
        given["source"] = Path(file_name).stem[:100] or "import"
    return parse(given)


def check_columns(mapping: Mapping, header: Sequence[str]) -> dict[str, int]:
    """The position of each column that the mapping reads, names compared without case.

    Raises:
        Invalid: the file has no such column.
    """
    places = {name.casefold(): at for at, name in enumerate(header)}
    named = {column: " ".join(column.split()).casefold() for column in mapping.columns}
    unknown = [column for column, name in named.items() if name not in places]
    if unknown:
        noun = "a column that is" if len(unknown) == 1 else "columns that are"
        raise Invalid(
            f"The mapping names {noun} not in the file: {_listed(unknown)}. The file's first row names {_listed(header)}."
        )
    return {column: places[name] for column, name in named.items()}


def _guess_words(header: Sequence[str], unknown: Sequence[str]) -> str:
    ours = ", ".join(IMPORTABLE)
    if len(unknown) == len(header):
        return (
            f"None of the columns is known, or the first row does not name them: {_listed(header)}. "
            f"Name them {ours}, or say with --mapping what they mean."
        )
    if unknown:
        noun = "column is" if len(unknown) == 1 else "columns are"
        return (
            f"{len(unknown):,} {noun} not known: {_listed(unknown)}. Known are {ours}. "
            "Say with --mapping what the file's columns mean; a mapping leaves out the columns that it does not name."
        )
    return "No column is the name. Call one of them name, or use --mapping."


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{name[:40]}”" for name in names[:12])
    return f"{shown} and {len(names) - 12:,} more" if len(names) > 12 else shown


def _names() -> dict[str, str]:
    known = {_plain(synonym): name for name, synonyms in SYNONYMS.items() for synonym in synonyms}
    known |= {_plain(name): "source_ref" for name in KEY_NAMES}
    for fact in LEAD_FIELDS.having("importable"):
        known |= {_plain(fact.name): fact.name, _plain(fact.label): fact.name}
    return known


def _plain(name: str) -> str:
    """A column's name without case, spaces, underscores and punctuation."""
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Invalid(f"The mapping file names “{name[:60]}” twice in one place.")
        found[name] = value
    return found
