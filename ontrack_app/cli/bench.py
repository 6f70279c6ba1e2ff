"""`ontrack bench NAME`: the list of benches; each prints its figures, with --json as one object on the last line."""

from ontrack_app.cli import Commands, Entry

BENCHES: dict[str, Entry] = {
    "auth": Entry("ontrack_app.cli.bench_auth", "What knowing who acts adds to an event and a request."),
    "files": Entry("ontrack_app.cli.bench_files", "A photo of 12 megapixels, from its last byte to clean."),
    "flow": Entry("ontrack_app.cli.bench_flow", "The 14 calls from a lead to its payment, over HTTP."),
    "list": Entry("ontrack_app.cli.bench_list", "25 of 100,000 leads, sorted and filtered."),
    "phone": Entry(
        "ontrack_app.cli.bench_phone", "A crew's day in Chromium: first visit, and without a signal."
    ),
    "rls": Entry("ontrack_app.cli.bench_rls", "A page of leads under policies, against none."),
    "search": Entry("ontrack_app.cli.bench_search", "Part of a name, address or number in 100,000 leads."),
    "sync": Entry("ontrack_app.cli.bench_sync", "Crews' phones: push, pull, and all of them at once."),
    "start": Entry("ontrack_app.cli.bench_start", "Seconds until ready (warm), and memory at rest."),
}
command = Commands(BENCHES, "Measure the speed of this installation, on data of its own.")
