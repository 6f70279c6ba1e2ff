"""The only home of how amounts, quantities and prices are written for people and read from them."""

from decimal import Decimal

MINUS = "\u2212"
NARROW_SPACE = "\u00a0"
SYMBOLS = {
    "USD": "$",
    "CAD": "$",
    "AUD": "$",
    "NZD": "$",
    "MXN": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥",
    "CHF": "CHF",
}
ABROAD = {"USD": "US$", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$", "MXN": "MX$"}
COMMA_LANGUAGES = frozenset({"fr", "de", "es", "it", "pt", "nl"})
MAX_NUMBER = Decimal("99999999999999.9999")
TOO_LONG = 60
