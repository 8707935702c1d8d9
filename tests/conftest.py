"""What tests share: where the fixtures and the shared data lie, and texts for properties."""

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess

import polars as pl
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from cleaner.chrome.rules import load
from cleaner.chrome.strip import strip_texts
from cleaner.cli import main
from cleaner.write import shown

settings.register_profile(
    "cleaner", deadline=None, derandomize=True, max_examples=25, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", settings.get_profile("cleaner"), derandomize=False, max_examples=1000)
settings.load_profile("cleaner")

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures"
SCRAPED = FIXTURES / "scraped"
SHARED = ROOT.parent / "shared"

SENTENCES = [
    "Le conseil municipal a voté hier soir le budget de la piscine.",
    "Trois bateaux manquent encore à l'appel, selon la préfecture.",
    "The harbour reopened on Monday after two weeks of storms.",
    "» Tout était calme, a dit la gardienne du phare.",
    "Der Fluss ist über Nacht um einen Meter gestiegen.",
    "Il faut lire aussi entre les lignes du décret.",
    "The keeper of the lower lock opens it at six in the morning and shuts it at ten at night. " * 5,
]
CHROME = [
    "Lire aussi  Le port rouvre ses quais",
    "Lire aussi : un hiver sans neige",
    "Leave a Reply",
    "Your email address will not be published. Required fields are marked *",
    "Laisser un commentaire",
    "PREV Le marché aux fleurs rouvre",
    "NEXT Un pont fermé pour travaux",
    "For Latest Updates Follow us on Google News",
    "Recent News",
    "piscine budget conseil municipal",
    " date 2024-10 ",
    "Publicité",
    "2 thoughts on “Un phare sans gardienne”",
    "Comments",
    "Comments are closed.",
    "HARBOUR OFFICE SAYS THE OLD BRIDGE MAY CLOSE FOR A YEAR",
    "J. R.",
]

GOOD = """
[mark]
why      = "a mark of one's own"
category = "other"
is       = ["fin du texte maison"]
strips   = ["Fin du texte maison", "→ FIN DU TEXTE MAISON."]
keeps    = ["La fin du texte maison approche.", "Fin du texte"]
"""
"""A rule file of one's own."""

TITLES = [
    "Le budget de la piscine voté",
    "Le budget de la piscine voté | Le Journal",
    "Un phare sans gardienne - Le Journal",
]
BLANKS = ["", " ", "\u00a0", "\t"]
ENDS = ["\n", "\n", "\n", "\r\n", "\r", "\n\n"]

lines = st.one_of(
    st.sampled_from([*SENTENCES, *CHROME, *TITLES, *BLANKS]),
    st.builds("{}{}".format, st.sampled_from(CHROME), st.sampled_from(SENTENCES)),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
)
scraped = st.lists(st.tuples(lines, st.sampled_from(ENDS)), max_size=14).map(
    lambda parts: "".join(line + end for line, end in parts)
)
"""Texts made of prose, chrome, titles, blanks and noise, with all kinds of line ends."""


def call(*arguments: object, stdin: bytes = b"") -> CompletedProcess[bytes]:
    """What the command does with these arguments, in this process: starting another takes a second."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["cleaner", *map(str, arguments)])
        patch.setitem(sys.modules, "scipy", sys.modules.get("scipy"))  # it comes back: only a command does without
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    printed, said = (stream.buffer.getvalue() for stream in (out, err))
    return CompletedProcess(sys.argv, code, printed, said)


def what_is_shown(texts: pl.Series, kind: str = "auto") -> pl.Series:
    """What stripping leaves of texts of a kind, as a reader sees it: the title, an empty line, the article."""
    stripped = strip_texts(texts, load(), kind=kind)
    both = zip(stripped.told()["title"], stripped.text, strict=True)
    return pl.Series([shown(title, text) for title, text in both], dtype=pl.String)


@pytest.fixture
def shared() -> Path:
    """The folder of real data beside the project; tests that need it are skipped where it is not."""
    if not SHARED.is_dir():
        pytest.skip("no shared data beside the project")
    return SHARED
