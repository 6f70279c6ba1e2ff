"""The only home of the mapping file: which columns of somebody's list become which fields of a lead, checked strictly."""

import re
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from models.fields import Field as Fact
from models.leads import LEAD_FIELDS
from ontrack_app.schemas.common import Body

PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
DATE_KINDS = ("auto", "iso", "epoch_ms", "epoch_s")
IMPORTABLE = {fact.name: fact for fact in LEAD_FIELDS.having("importable") if fact.name != "source_ref"}
Bad = Literal["refuse", "empty", "cut"]


class Rule(Body):
    """Where one field's value comes from, and how its text is read.

    `from_` lists columns or templates such as "{Address}, {City}"; the first that holds something wins, and a template
    holds something when each of its columns does.
    """

    from_: list[str] = Field(default_factory=list, alias="from")
    constant: str = ""
    default: str = ""
    bad: Bad = "refuse"
    zero: Literal["keep", "none"] = "keep"
    decimal: Literal[".", ","] = "."
    dates: list[str] = Field(default_factory=lambda: ["auto"])

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:
        """A column's name, or a list of them, stands for {"from": …}."""
        if isinstance(given, str | list):
            given = {"from": given}
        if isinstance(given, dict):
            given = dict(given)
            for name in ("from", "dates"):
                if isinstance(given.get(name), str):
                    given[name] = [given[name]]
        return given

    @model_validator(mode="after")
    def _one_origin(self) -> "Rule":
        if bool(self.from_) == bool(self.constant):
            raise ValueError("give either “from” (columns or templates) or “constant”.")
        for part in self.from_:
            template_parts(part)
        for date_format in self.dates:
            if date_format not in DATE_KINDS and not re.search("%[yY]", date_format):
                raise ValueError(
                    f"“{date_format}” is no date format. Known are {', '.join(DATE_KINDS)}, or one such as %m/%d/%Y."
                )
        return self

    @property
    def columns(self) -> list[str]:
        """Every column that the rule reads."""
        return [text for part in self.from_ for is_column, text in template_parts(part) if is_column]


class Mapping(Body):
    """A whole mapping file."""

    about: str = ""
    source: str = Field("import", min_length=1, max_length=100)
    key: list[str] = Field(default_factory=list)
    require: list[str] = Field(default_factory=list)
    empty: list[str] = Field(default_factory=list)
    delimiter: Literal[",", ";", "\t", "|"] | None = None
    fields: dict[str, Rule] = Field(min_length=1)

    @field_validator("key", "require", "empty", mode="before")
    @classmethod
    def _listed(cls, given: Any) -> Any:
        return [given] if isinstance(given, str) else given

    @model_validator(mode="after")
    def _fits_leads(self) -> "Mapping":
        for name, rule in self.fields.items():
            _check_rule(_fact(name), rule)
        for name in self.require:
            _fact(name)
            if name not in self.fields:
                raise ValueError(f"“require” names {name}, and “fields” does not fill it.")
        if "name" not in self.fields:
            raise ValueError("“fields” must fill name: a lead has one.")
        if "source" in self.fields and "source" in self.model_fields_set:
            raise ValueError("give the source once: as “source” for the whole file or under “fields”.")
        if self.key and not {"source"} & (self.model_fields_set | self.fields.keys()):
            raise ValueError("“key” needs a “source”: whose numbers these are, so that two lists do not mix.")
        return self

    @property
    def columns(self) -> list[str]:
        """Every column that the mapping reads, each once."""
        read = [column for rule in self.fields.values() for column in rule.columns]
        return list(dict.fromkeys([*self.key, *read]))


def template_parts(text: str) -> list[tuple[bool, str]]:
    """A column's name or a template in pieces: (True, column) or (False, words between). {{ and }} are plain braces.

    Raises:
        ValueError: a brace is alone, or nothing stands between two.
    """
    if "{" not in text and "}" not in text:
        return [(True, " ".join(text.split()))]
    parts: list[tuple[bool, str]] = []
    end = 0
    for found in PLACEHOLDER.finditer(text):
        parts.append((False, text[end : found.start()]))
        end = found.end()
        if found[0] in ("{{", "}}"):
            parts.append((False, found[0][0]))
        elif found[1] and found[1].strip():
            parts.append((True, " ".join(found[1].split())))
        else:
            raise ValueError(f"the template “{text[:80]}” needs a column's name between {{ and }}.")
    parts.append((False, text[end:]))
    return [part for part in parts if part[1]]


def mapping_words(error: ValidationError) -> list[str]:
    """What is wrong with a mapping file, one line for each place."""
    return [f"{_place(item['loc'])}{_reason(item)}" for item in error.errors(include_url=False)]


def _place(loc: tuple[int | str, ...]) -> str:
    return " → ".join(str(part) for part in loc) + ": " if loc else ""


def _reason(item: Any) -> str:
    kind, context = item["type"], item.get("ctx", {})
    if kind == "extra_forbidden":
        return "this name is not known here."
    if kind == "missing":
        return "this is missing."
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        return f"this must be {context['expected']}."
    words = item["msg"].replace("Input should", "this should")
    return f"{words}." if not words.endswith(".") else words


def _fact(name: str) -> Fact:
    fact = IMPORTABLE.get(name)
    if fact is None:
        if name == "source_ref":
            raise ValueError("source_ref is filled from “key”: name the key columns there.")
        raise ValueError(
            f"leads have no field “{name[:60]}” to import into. Known are {', '.join(IMPORTABLE)}."
        )
    return fact


def _check_rule(fact: Fact, rule: Rule) -> None:
    given = rule.model_fields_set
    is_text = fact.type in ("text", "long")
    for option, fits in (
        ("zero", fact.type == "money"),
        ("decimal", fact.type == "money"),
        ("dates", fact.type in ("date", "time")),
    ):
        if option in given and not fits:
            raise ValueError(f"“{option}” does not fit {fact.name}.")
    if rule.bad == "cut" and not is_text:
        raise ValueError(f"“bad”: “cut” does not fit {fact.name}; “refuse” and “empty” do.")
    if rule.bad == "empty" and fact.required:
        raise ValueError(f"“bad”: “empty” does not fit {fact.name}: it must be filled.")
