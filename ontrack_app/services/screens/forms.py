"""The only home of forms made from field lists: what they show of a row, and how their texts become a body."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from models.base import NounRow
from models.fields import Field, FieldList
from models.money import Money, MoneyError, format_money, parse_money
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.common import Address
from ontrack_app.schemas.documents import plain
from ontrack_app.schemas.screens.common import Form
from ontrack_app.services.screens import words
from ontrack_app.work import Work

Shape = TypeVar("Shape", bound=BaseModel)
Converter = Callable[[Work, str], Any]
ADDRESS_PARTS = frozenset(Address.model_fields)


def form(work: Work, fields: FieldList, row: NounRow | None = None, *, without: Collection[str] = ()) -> Form:
    """The form of a noun as this reader may fill it in, empty or filled from a row, less the fields `without`."""
    values = {
        field.name: _text(work, field, row) for field in _editable(work, fields) if field.name not in without
    }
    specs = [spec for spec in words.specs(work, fields) if spec.name in values]
    return Form(specs=specs, values=values, version=row.version if row else 0)


def body(  # noqa: PLR0913 - what may be given is named
    work: Work,
    shape: type[Shape],
    fields: FieldList,
    data: Mapping[str, str],
    *,
    converters: Mapping[str, Converter] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Shape:
    """What was typed, as the body that the service takes. Names outside the field list are left out.

    `converters` read single fields in a way of their own; `extra` is set as it is.

    Raises:
        Invalid: with one error for each field that does not fit, under the field's name.
    """
    given: dict[str, Any] = dict(extra or {})
    errors: list[FieldError] = []
    for field in _editable(work, fields):
        text = data.get(field.name, "").strip()
        if field.required and not text:
            errors.append(FieldError(field.name, "This cannot be empty."))
            continue
        try:
            value = (converters or {}).get(field.name, _reader(field))(work, text)
        except (MoneyError, ValueError) as error:
            errors.append(FieldError(field.name, str(error)))
            continue
        _put(given, shape, field.name, value)
    return _checked(shape, given, errors, fields)


def flat(refusal: Invalid) -> dict[str, str]:
    """The words for each field of a form: `address.street` stands under `street`."""
    found: dict[str, str] = {}
    for error in refusal.errors:
        found.setdefault(error.field.rpartition(".")[2], error.message)
    return found


def _editable(work: Work, fields: FieldList) -> list[Field]:
    return [field for field in fields if work.actor.role in field.edit]


def _text(work: Work, field: Field, row: NounRow | None) -> str:
    value = getattr(row, field.attribute) if row is not None else None
    if row is None and field.choices:
        return _default(field)
    if value is None or value == "":
        return ""
    if field.type == "money":
        return format_money(Money(value, work.actor.tenant.currency), work.actor.tenant.locale, symbol=False)
    if field.type == "flag":
        return "true" if value else ""
    return plain(value) if hasattr(value, "as_tuple") else str(value)


def _default(field: Field) -> str:
    """The choice that a new row starts with: the usual one where there is one, else the first."""
    keys = [key for key, _ in field.choices]
    return "normal" if "normal" in keys else keys[0]


def _reader(field: Field) -> Converter:
    readers: dict[str, Converter] = {
        "money": _money,
        "number": whole_number,
        "flag": lambda _work, text: text == "true",
        "member": lambda _work, text: text or None,
        "date": lambda _work, text: text or None,
    }
    return readers.get(field.type, lambda _work, text: text)


def _money(work: Work, text: str) -> dict[str, Any] | None:
    if not text:
        return None
    tenant = work.actor.tenant
    found = parse_money(text, tenant.currency, locale=tenant.locale)
    return {"amount_cents": found.cents, "currency": found.currency}


def whole_number(_work: Work, text: str) -> int | None:
    """A whole number that was typed; None for nothing.

    Raises:
        ValueError: in words.
    """
    if not text:
        return None
    if not re.fullmatch("[0-9]{1,9}", text):
        raise ValueError("Type a whole number, such as 30.")
    return int(text)


def _put(given: dict[str, Any], shape: type[BaseModel], name: str, value: Any) -> None:
    if name in ADDRESS_PARTS and name not in shape.model_fields:
        given.setdefault("address", {})[name] = value
    else:
        given[name] = value


def _checked(
    shape: type[Shape], given: Mapping[str, Any], errors: list[FieldError], fields: FieldList
) -> Shape:
    try:
        found = shape.model_validate(given)
    except ValidationError as error:
        known = {item.field for item in errors}
        for item in error.errors(include_input=False, include_url=False):
            name = str(item["loc"][-1])
            if name not in known:
                errors.append(FieldError(name, _words(fields.get(name), item["type"], item.get("ctx", {}))))
        raise Invalid("Check what was entered.", errors=errors) from None
    if errors:
        raise Invalid("Check what was entered.", errors=errors)
    return found


def _words(field: Field | None, kind: str, context: Mapping[str, Any]) -> str:
    if kind == "string_too_long":
        return f"This has room for {context.get('max_length'):,} characters."
    if kind == "string_too_short":
        return "This cannot be empty."
    if kind in ("less_than_equal", "greater_than_equal"):
        return f"Not {'more' if kind.startswith('less') else 'less'} than {context.get('le', context.get('ge'))}."
    if field is not None and field.type == "email":
        return "An e-mail address looks like name@example.com."
    if field is not None and field.name == "country":
        return "Type two letters, such as US or CA."
    return "This has a sign or a shape that does not fit here."
