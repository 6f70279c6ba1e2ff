"""What is pinned, and that no pinned file or configuration names the host of a registry."""

import json
import re
import subprocess

import pytest

from ontrack_app.settings import PROJECT_ROOT, Settings

HOSTS = re.compile(
    r"registry\.npmjs|npmmirror|yarnpkg|pypi\.org|python[h]osted|proxy\.golang|--index-url|--extra-index-url"
)
PINNED = (
    "requirements.lock",
    "reflex.lock/package.json",
    "reflex.lock/package-lock.json",
    "pyproject.toml",
    "Makefile",
    "rxconfig.py",
)


@pytest.mark.parametrize("name", PINNED)
def test_no_registry_is_named(name: str) -> None:
    assert not HOSTS.search((PROJECT_ROOT / name).read_text(encoding="utf-8"))


def test_npm_packages_carry_hashes_and_no_addresses() -> None:
    packages = json.loads((PROJECT_ROOT / "reflex.lock" / "package-lock.json").read_text(encoding="utf-8"))[
        "packages"
    ]
    fetched = {name: entry for name, entry in packages.items() if name and not entry.get("link")}
    assert fetched
    assert not [name for name, entry in fetched.items() if "resolved" in entry]
    assert not [name for name, entry in fetched.items() if "integrity" not in entry]


def test_every_python_package_has_hashes() -> None:
    text = (PROJECT_ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-zA-Z0-9])", text, flags=re.MULTILINE)
    bare = [block.split()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block]
    assert not bare


def test_what_is_made_here_is_not_in_git() -> None:
    command = ["git", "check-ignore", ".venv/x", ".web/x", ".ontrack/x", ".build/x", ".env"]
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 128:
        return  # an exported tree without its history
    assert len(done.stdout.split()) == 5


def test_the_example_lists_every_setting() -> None:
    example = (PROJECT_ROOT / ".env.example").read_text(encoding="utf-8")
    fields = Settings.model_fields.values()
    names = {str(field.validation_alias) for field in fields if field.validation_alias}
    assert not [name for name in names if not re.search(rf"^#{name}=", example, re.MULTILINE)]
