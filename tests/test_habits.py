"""What the project asks of itself: lint, format, types."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.mark.parametrize("command", ["ruff check", "ruff format --check", "mypy"])
def test_no_complaint(command: str) -> None:
    done = subprocess.run([sys.executable, "-m", *command.split()], cwd=ROOT, capture_output=True, check=False)  # noqa: S603
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
