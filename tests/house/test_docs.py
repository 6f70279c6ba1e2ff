"""The documents are true: what they name exists, what is generated is current, and no file speaks of the place it was made at.

The story: a guide that names a command which was renamed costs its reader more than no guide at all.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from infra import machines
from ontrack_app.cli import COMMANDS, group
from ontrack_app.settings import OIDC_NAME, PROJECT_ROOT, Settings

BASES = ("", "ontrack_app", "docs")  # a path may be written from the project, the package, or the documents
ENDS = (".css", ".csv", ".html", ".jsx", ".json", ".lock", ".md", ".png", ".py", ".sql", ".toml", ".typ")
MADE_HERE = (
    ".venv",
    ".ontrack",
    ".build",
    ".web",
    "D/",
)  # not in git; D stands for the data directory in the runbooks
OPEN_PLACES = re.compile(r"[<>{}…$]|NNNN")  # a name with a place to fill is a pattern, not a path
CODE = re.compile(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]*)(#[^)\s]*)?\)|src=\"([^\"]+)\"")
SPEAKS = re.compile(r"(?:^|[\s/`])ontrack ([a-z][a-z-]*(?: [a-z][a-z-]*)?)")

# Written so that this file does not contain what it looks for.
REGISTRIES = r"registry\.npmj[s]\.org|registry\.yarnpk[g]|pypi\.or[g]|python[h]osted\.or[g]|proxy\.golan[g]|npmmirro[r]\.com"
MACHINES_OF_OURS = r"(?<![\w.}:~-])/(?:wor[k]|far[m]|roo[t]|opt/pyp[i]|tmp/[b]rief)(?=[/\s\"'`)]|$)"
WORKPLACE = r"\b(?:sub-?agen[t]s?|claud[e]|anthropi[c]|chatgp[t]|language mode[l]s?|ai assistan[t])\b"
UNWANTED = re.compile(f"{REGISTRIES}|{MACHINES_OF_OURS}|{WORKPLACE}", re.IGNORECASE)


def tracked(*patterns: str) -> list[Path]:
    command = ["git", "ls-files", "-co", "--exclude-standard", "--", *patterns]
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    return [PROJECT_ROOT / line for line in done.stdout.splitlines() if (PROJECT_ROOT / line).is_file()]


PAGES = tracked("*.md")
IDS = [page.relative_to(PROJECT_ROOT).as_posix() for page in PAGES]
TOP = {path.relative_to(PROJECT_ROOT).parts[0] for path in tracked()}


def code_of(page: Path) -> str:
    """Everything that the page sets as code, one piece a line."""
    return "\n".join(block or span for block, span in CODE.findall(page.read_text()))


def paths_in(page: Path) -> Iterator[str]:
    """What is written like a path of ours: it starts in a folder of the project, or is a file name with a folder."""
    for word in re.split(r"[\s,;()'\"|]+", code_of(page)):
        path = word.split("::")[0].rstrip(".:").removeprefix("./")
        if (
            OPEN_PLACES.search(path)
            or path.startswith(("/", "http", "-", "*", *MADE_HERE))
            or "/" not in path
        ):
            continue
        if path.split("/")[0] in TOP or path.endswith(ENDS):
            yield path


def is_there(page: Path, path: str) -> bool:
    """Whether the path, which may hold wildcards, names something."""
    homes = [PROJECT_ROOT / base for base in BASES] + [page.parent]
    return any(any(home.glob(path.rstrip("/"))) for home in homes)


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_path_that_is_named_exists(page: Path) -> None:
    assert [path for path in paths_in(page) if not is_there(page, path)] == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = [link or source for link, _, source in LINK.findall(page.read_text())]
    ours = [target for target in targets if target and "://" not in target and not target.startswith("/")]
    assert [target for target in ours if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_make_target_exists(page: Path) -> None:
    known = set(re.findall(r"^([a-z]+):", (PROJECT_ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^|[\s`])make ([a-z]+)\b", code_of(page), re.MULTILINE))
    assert named - known == set()


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_command_and_option_exists(page: Path) -> None:
    for line in code_of(page).splitlines():
        for match in SPEAKS.finditer(line):
            words = match[1].split()
            assert words[0] in COMMANDS, f"there is no command “ontrack {words[0]}”"
            command = command_of(words)
            rest = re.split(r"[|#·]", line[match.end() :])[0]
            known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
            assert set(re.findall(r"(?<!\S)\[?(--[a-z-]+)", rest)) - known == set(), line


def command_of(words: list[str]) -> click.Command:
    """The command that the words name, the sub-command where there is one of that name."""
    context = click.Context(group)
    command = group.get_command(context, words[0])
    assert command is not None
    if isinstance(command, click.Group) and len(words) > 1:
        found = command.get_command(context, words[1])
        assert found is not None, f"there is no command “ontrack {' '.join(words)}”"
        return found
    return command


def test_the_machines_are_written_down_as_they_are() -> None:
    assert machines.PAGE.read_text() == machines.text(), "run `make docs`"


def test_the_example_names_the_settings_and_nothing_else() -> None:
    example = (PROJECT_ROOT / ".env.example").read_text()
    named = re.findall(r"^#?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE)
    ours = [name for name in named if not OIDC_NAME.fullmatch(name)]
    fields = [field.validation_alias for field in Settings.model_fields.values()]
    assert sorted(ours) == sorted(str(alias) for alias in fields if alias is not None)
    assert {OIDC_NAME.fullmatch(name)[1] for name in set(named) - set(ours)} == {"GOOGLE", "MICROSOFT"}


def test_the_index_lists_every_document() -> None:
    index = (PROJECT_ROOT / "docs" / "README.md").read_text()
    pages = tracked("docs/*.md", "docs/decisions/*.md", "docs/runbooks/README.md")
    names = [page.relative_to(PROJECT_ROOT / "docs").as_posix() for page in pages]
    assert [name for name in names if f"({name})" not in index and name.count("/") < 2 and name != "README.md"
            and not (name.startswith("runbooks/") and name != "runbooks/README.md")] == []  # fmt: skip


def test_no_file_speaks_of_where_it_was_made() -> None:
    found = []
    for path in tracked():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.name}:{at}: {hit[0]}"
            for at, line in enumerate(lines, 1)
            if (hit := UNWANTED.search(line))
        ]
    assert found == []
