"""`ontrack bench NAME`: the list of benches; each prints its figures, with --json as one object on the last line."""

from ontrack_app.cli import Commands, Entry

BENCHES: dict[str, Entry] = {
    "start": Entry("ontrack_app.cli.bench_start", "Seconds until ready (warm), and memory at rest."),
}
command = Commands(BENCHES, "Measure the speed of this installation, on data of its own.")
