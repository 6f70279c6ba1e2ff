"""Prints the statements that close tables, to be pasted into `alembic/sql/`: `python infra/policies.py TABLE…`.

A migration keeps what it did as text; `ontrack_app/rls.py` says what is so now, and a house test compares the two.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ontrack_app import rls


def statements(table: str) -> list[str]:
    """Policies and grants of one table, and its search function where it has one."""
    found = rls.policies(table) + rls.grants(table)
    return found + (rls.search_function(table) if table in rls.SEARCHABLE else [])


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(";\n".join(statements(name)) + ";")
