"""Scanners: a real clamd with a signature of its own, a counterpart that misbehaves, and the policy where there is none."""

import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ontrack_app.integrations.scanner import ScannerAway, Verdict
from ontrack_app.integrations.scanner_clamd import Clamd
from ontrack_app.integrations.scanner_policy import ContentPolicy
from ontrack_app.integrations.scanners import make_scanner
from ontrack_app.settings import Settings
from tests.factories import files as made
from tests.integrations.clamd import a_clamd, a_counterpart
from tests.integrations.weed import free_ports

MB = 1024 * 1024


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clamd]:
    with a_clamd(tmp_path_factory.mktemp("clamd")) as url:
        yield Clamd(url)


def written(home: Path, data: bytes) -> Path:
    path = home / "file"
    path.write_bytes(data)
    return path


HARMFUL = {
    "plain": made.EICAR,
    "in a zip": made.archive({"a.txt": made.EICAR}),
    "in a zip in a zip": made.archive({"b.zip": made.archive({"a.txt": made.EICAR})}),
    "behind a photo": made.polyglot(inner=made.EICAR),
    "in a PDF": made.PDF + made.EICAR,
}


@pytest.mark.scanner
@pytest.mark.parametrize("name", HARMFUL)
def test_clamd_finds_the_test_virus(real: Clamd, tmp_path: Path, name: str) -> None:
    verdict = real.scan(written(tmp_path, HARMFUL[name]))
    assert (verdict.found, verdict.by) == ("harmful", "ClamAV") and "EICAR-Test-File" in verdict.words


@pytest.mark.scanner
@pytest.mark.parametrize("data", [made.picture(), made.picture("HEIF"), made.PDF, b"", bytes(MB)])
def test_clamd_passes_what_is_harmless(real: Clamd, tmp_path: Path, data: bytes) -> None:
    assert real.scan(written(tmp_path, data)) == Verdict("clean", "ClamAV")


@pytest.mark.scanner
def test_what_clamd_would_not_look_into_is_not_called_clean(real: Clamd, tmp_path: Path) -> None:
    """Such a file it calls clean, so it is not asked."""
    large = random.Random(4).randbytes(25 * MB + 1)
    verdict = real.scan(written(tmp_path, large))
    assert verdict.found == "unscannable" and "25 MB" in verdict.words


@pytest.mark.scanner
def test_clamd_says_what_it_is(real: Clamd) -> None:
    assert real.check().startswith("ClamAV ")


@pytest.mark.parametrize(
    "answer, found",
    [
        ("stream: OK", Verdict("clean", "ClamAV")),
        ("stream: Some.Virus FOUND", Verdict("harmful", "ClamAV", "The virus scanner found Some.Virus.")),
        (
            "stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND",
            Verdict("unscannable", "ClamAV", "It holds more than the virus scanner unpacks."),
        ),
        (
            "INSTREAM size limit exceeded. ERROR",
            Verdict("unscannable", "ClamAV", "It is larger than the virus scanner takes."),
        ),
    ],
)
def test_answers_of_clamd_are_understood(tmp_path: Path, answer: str, found: Verdict) -> None:
    data = random.Random(4).randbytes(100_000)
    got: list[bytes] = []

    def says(_: str, received: bytes) -> str:
        got.append(received)
        return answer

    with a_counterpart(says) as url:
        assert Clamd(url).scan(written(tmp_path, data)) == found
    assert got == [data]


@pytest.mark.parametrize("answer", [None, "", "nonsense", "stream: broken ERROR", "stream:", "OK"])
def test_an_answer_that_is_none_is_no_verdict(tmp_path: Path, answer: str | None) -> None:
    with a_counterpart(lambda _command, _data: answer) as url, pytest.raises(ScannerAway):
        Clamd(url).scan(written(tmp_path, b"x"))


def test_a_scanner_that_hangs_is_away(tmp_path: Path) -> None:
    over = threading.Event()

    def hangs(_command: str, _data: bytes) -> None:
        over.wait(30)

    with a_counterpart(hangs) as url:
        with pytest.raises(ScannerAway):
            Clamd(url, seconds=0.2).scan(written(tmp_path, b"x"))
        over.set()


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:{port}", "unix://{home}/none.ctl"])
def test_a_scanner_that_is_not_there_is_away(tmp_path: Path, url: str) -> None:
    scanner = Clamd(url.format(port=free_ports(1)[0], home=tmp_path))
    with pytest.raises(ScannerAway):
        scanner.scan(written(tmp_path, b"x"))
    with pytest.raises(ScannerAway):
        scanner.check()


def test_the_policy_says_that_it_is_no_antivirus(tmp_path: Path) -> None:
    policy = ContentPolicy()
    assert "no antivirus" in policy.words and "no antivirus" in policy.check()
    assert policy.scan(written(tmp_path, made.EICAR)).found == "harmful"
    assert (
        policy.scan(written(tmp_path, made.archive({"a": made.EICAR}))).found == "clean"
    )  # it unpacks nothing
    assert policy.scan(written(tmp_path, made.PDF)).found == "clean"


def test_the_settings_choose() -> None:
    assert make_scanner(Settings(clamd_url="")).words.startswith("none configured")
    assert make_scanner(Settings(clamd_url="unix:///run/clamd.ctl")).words == "ClamAV at /run/clamd.ctl"
    assert make_scanner(Settings(clamd_url="tcp://scanner:3310")).words == "ClamAV at scanner:3310"


@pytest.mark.parametrize("url", ["scanner:3310", "unix://socket", "http://scanner", "tcp://"])
def test_an_address_that_cannot_be_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="CLAMD_URL"):
        Settings(clamd_url=url)
