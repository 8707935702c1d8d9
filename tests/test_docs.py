"""The README says what is so: its examples run, and its outputs are those of its commands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from cleaner import settings
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
CONSOLE = re.findall(r"```console\n\$ (cleaner [^\n]+)\n((?!\$).+?)```", README, re.DOTALL)


def test_the_two_commands_stand_on_top_and_ci_runs_the_second() -> None:
    commands = re.findall(r"^    (.+)$", README, re.MULTILINE)[:2]
    assert commands == ["pip install uv && uv run cleaner run fixtures/scraped --output corpus", "uv run pytest"]
    assert commands[1] in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()


@pytest.mark.parametrize("block", re.findall(r"```python\n(.*?)```", README, re.DOTALL))
def test_python_examples_run(block: str) -> None:
    exec(compile(block, "README.md", "exec"), {})  # noqa: S102 (our own README)


@pytest.mark.parametrize(("command", "shown"), CONSOLE, ids=[command for command, _ in CONSOLE])
def test_shown_output_is_what_the_command_prints(command: str, shown: str, tmp_path: Path) -> None:
    words = [str(tmp_path / "corpus") if word == "corpus" else word for word in command.split()[1:]]
    done = subprocess.run([sys.executable, "-m", "cleaner", *words], cwd=ROOT, capture_output=True, check=True)  # noqa: S603
    printed = done.stdout.decode().replace(str(tmp_path / "corpus"), "corpus")
    assert _timeless(printed) == _timeless(shown)


def _timeless(output: str) -> str:
    return re.sub(r"[0-9.]+ (s,|MB/s)", r"\1", output)


def test_console_examples_are_found() -> None:
    assert len(CONSOLE) == 2


def test_every_setting_gives_its_reason() -> None:
    doc = settings.Settings.__doc__ or ""
    for name in settings.Settings.__dataclass_fields__:
        assert re.search(rf"^ +{name}: .+", doc, re.MULTILINE), name


def test_links_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text("utf-8")):
            assert (page.parent / link).exists(), (page.name, link)
