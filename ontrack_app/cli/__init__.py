"""The `ontrack` command: a table of its commands, each in a module that is loaded when it is called."""

import importlib
import sys
from dataclasses import dataclass

import click

from ontrack_app import redaction
from ontrack_app.embedded.errors import CannotStart
from ontrack_app.errors import Refusal
from ontrack_app.settings import UnsafeSettings


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command lives (its module's attribute is `command`) and its line in the list."""

    module: str
    help: str


COMMANDS: dict[str, Entry] = {
    "up": Entry("ontrack_app.cli.up", "Start everything, serve it, stop it with Ctrl-C."),
    "migrate": Entry("ontrack_app.cli.database", "Bring the database's tables up to date."),
    "demo": Entry("ontrack_app.cli.demo", "Load the demo companies, once."),
    "worker": Entry("ontrack_app.cli.worker", "Run background work until stopped."),
    "doctor": Entry("ontrack_app.cli.doctor", "Check every configured part, in words."),
    "tenants": Entry("ontrack_app.cli.tenants", "Companies: create."),
    "members": Entry("ontrack_app.cli.members", "Who belongs to a company: add, reset-factor."),
    "sign-in-link": Entry("ontrack_app.cli.sign_in_link", "Print a link that signs a person in once."),
    "api-key": Entry("ontrack_app.cli.api_key", "Print a bearer key for the API."),
    "verify": Entry("ontrack_app.cli.verify", "Check that ledger, trail and outbox hold."),
    "import": Entry("ontrack_app.cli.imports", "Take in a list from outside: leads from a CSV file."),
    "bench": Entry("ontrack_app.cli.bench", "Measure the speed of this installation."),
}


class Commands(click.Group):
    """A group that knows its commands from a table and loads only the one that is called."""

    def __init__(self, table: dict[str, Entry], help_text: str) -> None:
        super().__init__(help=help_text, context_settings={"help_option_names": ["-h", "--help"]})
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click asks so
        """The names, in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click asks so
        """The command, loaded now; None where there is none of this name."""
        if (entry := self.table.get(cmd_name)) is None:
            return None
        loaded = importlib.import_module(entry.module).command
        return loaded if isinstance(loaded, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click asks so
        """The list in the help, without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in self.table.items()])


group = Commands(COMMANDS, "OnTrack: from the first call to the last cent.")


def main() -> None:
    """Runs the command line; every failure that a person can mend becomes words on stderr and exit code 1."""
    redaction.install()
    try:
        group.main(prog_name="ontrack", standalone_mode=True)
    except (CannotStart, UnsafeSettings, Refusal) as problem:
        click.secho(redaction.redact(str(problem)), fg="red", err=True)
        sys.exit(1)
