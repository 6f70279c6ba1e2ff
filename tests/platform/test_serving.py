"""How the web process is started: names that Reflex knows, addresses, and only this machine in development."""

from pathlib import Path

import pytest
from reflex_base.environment import environment as reflex

from ontrack_app.embedded import frontend, serving
from ontrack_app.settings import Settings


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (serving.MODE, reflex.REFLEX_ENV_MODE),
        (serving.WEB_DIR, reflex.REFLEX_WEB_WORKDIR),
        (serving.HOME, reflex.REFLEX_DIR),
        (serving.USE_NPM, reflex.REFLEX_USE_NPM),
        (serving.NO_VERSION_CHECK, reflex.REFLEX_CHECK_LATEST_VERSION),
        (serving.MOUNT_FRONT_END, reflex.REFLEX_MOUNT_FRONTEND_COMPILED_APP),
        (serving.SKIP_COMPILE, reflex.REFLEX_SKIP_COMPILE),
    ],
)
def test_reflex_knows_every_name(ours: str, theirs: object) -> None:
    assert ours == theirs.name  # type: ignore[attr-defined]


def test_every_name_that_is_set_is_in_the_list(tmp_path: Path) -> None:
    given = serving.web_environment(Settings(), tmp_path, tmp_path)
    assert {name for name in given if "REFLEX" in name} <= set(serving.NAMES)


def test_development_serves_this_machine_only() -> None:
    command = serving.web_command(Settings())
    assert command[command.index("--host") + 1] == "127.0.0.1"
    assert command[command.index("--workers") + 1] == "1", "more than one process needs Redis"


@pytest.mark.parametrize(
    ("address", "http", "socket"),
    [
        ("http://localhost:8123", "http://localhost:8123/ping", "ws://localhost:8123/_event"),
        ("https://ontrack.example", "https://ontrack.example/ping", "wss://ontrack.example/_event"),
    ],
)
def test_a_build_is_published_for_any_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, http: str, socket: str
) -> None:
    assets = tmp_path / "web" / "build" / "client" / "assets"
    assets.mkdir(parents=True)
    (tmp_path / "web" / "backend").mkdir()
    (assets / "reflex-env-x.js").write_text(
        "{PING:`http://localhost:8000/ping`,EVENT:`ws://localhost:8000/_event`}"
    )
    monkeypatch.setattr(frontend, "WEB", tmp_path / "web")
    frontend.publish(tmp_path / "site", address)
    text = (tmp_path / "site" / "build" / "client" / "assets" / "reflex-env-x.js").read_text()
    assert http in text and socket in text and "localhost:8000" not in text


def test_the_settings_of_reflex_keep_no_state_on_disk_and_tell_nobody() -> None:
    import_name = "rxconfig"
    config = __import__(import_name).config
    assert config.state_manager_mode.value in {"memory", "redis"}
    assert config.telemetry_enabled is False
    assert config.state_auto_setters is False
