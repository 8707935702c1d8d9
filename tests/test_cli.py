"""The command line says what the library says."""

import dataclasses
import json
import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

import cleaner
from cleaner.cli import app
from cleaner.settings import Settings
from tests.conftest import SCRAPED, call

NOT_RESULTS = {"paths", "output", "settings", "dry_run", "overwrite"}
"""What `run` takes that changes no result."""

TEXT = "Un phare sans gardienne | Le Journal\n\nLe phare est vide depuis mardi.\n\nLire aussi : un port\n"


def start(*arguments: object, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """What the command does with these arguments in a process of its own."""
    command = [sys.executable, "-m", "cleaner", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, check=False)  # noqa: S603


def test_every_setting_is_an_option_of_run_and_the_other_way_round() -> None:
    command = get_command(app).commands["run"]  # type: ignore[attr-defined]
    options = {parameter.name for parameter in command.params} - NOT_RESULTS - {"help"}
    assert options == {field.name for field in dataclasses.fields(Settings)}


def test_options_go_before_the_settings_file_and_that_before_defaults(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("threshold = 0.8\nkeep = 'earliest'\nnum_perm = 64\n")
    done = call("run", SCRAPED / "harbour-herald", "-o", tmp_path / "out", "--settings", file, "--keep", "latest")
    assert done.returncode == 0, done.stderr
    settings = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["settings"]
    wanted = Settings(threshold=0.8, keep="latest", num_perm=64)
    assert settings == wanted.as_dict()
    assert Settings.of(settings) == wanted


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("treshold = 0.8", "'treshold' is no setting. The settings are text_column"),
        ("threshold = 'high'", "'threshold' is 'high': it must be of type float"),
        ("threshold = 2", "'threshold' is 2.0: it must be a number above 0 and up to 1"),
        ("threshold =", "settings.toml"),
    ],
)
def test_bad_settings_are_named(tmp_path: Path, toml: str, message: str) -> None:
    (tmp_path / "settings.toml").write_text(toml)
    done = call("run", SCRAPED, "-o", tmp_path / "out", "--settings", tmp_path / "settings.toml")
    assert done.returncode == 1
    assert message in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_the_summary_and_no_bar_in_a_pipe(tmp_path: Path) -> None:
    done = call("run", SCRAPED, "-o", tmp_path / "out")
    assert done.returncode == 0
    assert done.stderr == b""
    output = done.stdout.decode()
    for word in (
        "documents in",
        "kept",
        "exact duplicates",
        "near duplicates",
        "rejected",
        "related",
        "MB/s",
        "results in",
    ):
        assert word in output


def test_a_bar_on_a_terminal(tmp_path: Path) -> None:
    main, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 100))
    command = [sys.executable, "-m", "cleaner", "run", str(SCRAPED), "-o", str(tmp_path / "out")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal)  # noqa: S603
    os.close(terminal)
    process.communicate()
    shown = os.read(main, 100_000).decode()
    os.close(main)
    assert "read and strip" in shown
    assert "documents" in shown


def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    done = call("run", SCRAPED, "-o", tmp_path / "out", "--dry-run")
    assert done.returncode == 0
    assert "would read 78 files" in done.stdout.decode()
    assert "corpus.parquet" in done.stdout.decode()
    assert list(tmp_path.iterdir()) == []


def test_text() -> None:
    assert (
        start("text", stdin=TEXT.encode()).stdout.decode()
        == "Un phare sans gardienne\n\nLe phare est vide depuis mardi.\n"
    )
    article = json.loads(call("text", "--json", stdin=TEXT.encode()).stdout)
    assert article["title"] == "Un phare sans gardienne"
    assert [removal["rule"] for removal in article["removed"]][:2] == ["title", "title-suffix"]


def test_explain(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    shown = call("explain", tmp_path / "a.txt").stdout.decode()
    assert "title  Un phare" in shown
    assert "fr/read-also (lire aussi)" in shown
    lines = [json.loads(line) for line in call("explain", tmp_path / "a.txt", "--json").stdout.splitlines()]
    assert [line["verdict"] for line in lines] == ["title", "cut", "keep", "cut", "cut", "keep"]


def test_rules(tmp_path: Path) -> None:
    shown = call("rules", "fr").stdout.decode().splitlines()
    assert shown
    assert all(line.startswith("fr/") for line in shown)
    bad = tmp_path / "bad.toml"
    bad.write_text('[x]\nwhy = "w"\n')
    done = call("rules", "--check", bad)
    assert done.returncode == 1
    assert 'rule "x": no "category"' in done.stderr.decode()
    assert "no pack 'xx'" in call("rules", "xx").stderr.decode()


def test_restore(tmp_path: Path) -> None:
    call("run", SCRAPED / "harbour-herald", "-o", tmp_path / "out")
    done = call("restore", tmp_path / "out", "-o", tmp_path / "back")
    assert done.stdout.decode() == f"9 originals in {tmp_path / 'back'}\n"


def test_exit_codes(tmp_path: Path) -> None:
    assert call("--version").stdout.decode() == f"cleaner {cleaner.__version__}\n"
    assert start("run", "nowhere", "-o", tmp_path / "out").returncode == 1
    assert call("run", SCRAPED).returncode == 2
    assert call("nonsense").returncode == 2
    assert call("text", tmp_path / "nowhere.txt").returncode == 1


def test_help_loads_nothing_heavy() -> None:
    heavy = ("polars", "trafilatura", "datasketch", "numba", "lxml")
    code = f"import sys, cleaner.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)  # noqa: S603
    assert done.stdout == b"[]\n"


def test_every_command_has_help() -> None:
    for name in ("run", "text", "explain", "rules", "restore"):
        result = CliRunner().invoke(app, [name, "--help"])
        assert result.exit_code == 0
        assert "Usage" in result.output
