"""The only home of what logs must not carry: every record of every logger passes here before any handler sees it.

Two nets. What is known to be secret (settings and environment) is hidden wherever it stands; what looks like a secret of ours
or of the trade is hidden by its looks: cookies, links, keys, codes with their names, card numbers, values of rows in the
database's own words. Tracebacks are kept, their values are not.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable
from functools import lru_cache
from types import TracebackType
from typing import Any

from ontrack_app.settings import secret_values

HIDDEN = "[hidden]"
NAMES = (
    r"(?:[a-z0-9_-]*(?:password|passwd|passphrase|secret|token|cookie|authorization|api[_-]?key|access[_-]?key|hand[_-]in|recovery|seed|"
    r"access_notes|gate[ _]code|card(?:_number)?|cvc)|(?<![a-z_])(?:code|pin|totp|otp))"
)
Replace = str | Callable[[re.Match[str]], str]
LOOKS: tuple[tuple[re.Pattern[str], Replace], ...] = tuple(
    (re.compile(looks, re.MULTILINE | (re.IGNORECASE if any_case else 0)), instead)
    for looks, instead, any_case in (
        (r"^(\s*(?:DETAIL|CONTEXT|STATEMENT):).*$(?:\n[ \t]+.*$)*", rf"\1 {HIDDEN}", False),
        (r"(invalid input (?:syntax|value) for [^:\n]*: )\".*\"", rf"\1{HIDDEN}", False),
        (r"\[parameters: .*", f"[parameters: {HIDDEN}]", False),
        (r"input_value=.*?(?=, input_type=|$)", f"input_value={HIDDEN}", False),
        (r"\b((?:set-)?cookie['\"]?\s*[:=,]\s*)[^\r\n]*", rf"\1{HIDDEN}", True),
        (r"\b(bearer|basic)\s+[\w.~+/=-]{6,}", rf"\1 {HIDDEN}", True),
        (r"(://[^/\s:@]*:)[^@\s]+@", rf"\1{HIDDEN}@", False),
        (r"(/(?:auth/link|auth/invitation|portal/link)/)[\w-]{8,}", rf"\1{HIDDEN}", False),
        (rf"({NAMES}['\"]?\s*[:=]\s*)(?:'[^'\n]*'|\"[^\"\n]*\"|[^\s,;)}}\]&]{{4,}})", rf"\1{HIDDEN}", True),
        (r"\b(otk|sk|rk|pk|whsec)_[A-Za-z0-9_-]{12,}", rf"\1_{HIDDEN}", False),
        (r"\bAKIA[A-Z0-9]{12,}", HIDDEN, False),
        (r"(?<![\w-])[A-Za-z0-9_-]{43}(?![\w-])", HIDDEN, False),
        (r"(?<!\w)[A-Z2-7]{32}(?!\w)", HIDDEN, False),
        (r"(?<![\w-])[A-Z2-9]{4,5}(?:-[A-Z2-9]{4,5}){1,4}(?![\w-])", HIDDEN, False),
        (r"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])", lambda found: card(found[0]), False),
    )
)  # fmt: skip


def card(digits: str) -> str:
    """Nothing of a number that could be a payment card's; other numbers as they are."""
    plain = [int(sign) for sign in digits if sign.isdigit()]
    doubled = [value * 2 - 9 * (value > 4) if at % 2 else value for at, value in enumerate(reversed(plain))]
    return HIDDEN if sum(doubled) % 10 == 0 else digits


def redact(text: str) -> str:
    """The text without what is secret in it."""
    for value in _known():
        text = text.replace(value, HIDDEN)
    for looks, instead in LOOKS:
        text = looks.sub(instead, text)
    return text


@lru_cache(maxsize=1)
def _known() -> tuple[str, ...]:
    """The secrets of this process, the longest first."""
    return tuple(sorted(secret_values(), key=len, reverse=True))


def install() -> None:
    """From now on, whatever this process logs or dies of is written without secrets. Calling it again changes nothing."""
    if isinstance(logging.getLogRecordFactory(), Clean):
        return
    logging.setLogRecordFactory(Clean(logging.getLogRecordFactory()))
    sys.excepthook = _last_words
    threading.excepthook = lambda died: _last_words(died.exc_type, died.exc_value, died.exc_traceback)


class Clean:
    """Makes records whose words and tracebacks are redacted, before any handler or formatter."""

    def __init__(self, make: Callable[..., logging.LogRecord]) -> None:
        self._make = make

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        """A record; its arguments are in its message already."""
        record = self._make(*args, **kwargs)
        try:
            words = record.getMessage()
        except Exception:  # noqa: BLE001 - a log line that does not fit its arguments is still a log line
            words = str(record.msg)
        record.msg, record.args = redact(words), ()
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = redact("".join(traceback.format_exception(record.exc_info[1])).rstrip())
            record.exc_info = None
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        return record


def _last_words(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    """What a process or thread dies of, on stderr."""
    sys.stderr.write(redact("".join(traceback.format_exception(kind, error, trace))))
