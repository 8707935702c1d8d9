"""Who may know whom: a module imports only from those above it."""

import ast
from pathlib import Path

import cleaner
from tests.conftest import ROOT

ORDER = [
    "errors",
    "settings",
    "schema",
    "times",
    "parallel",
    "compiling",
    "decode",
    "encodings",
    "page",
    "feeds",
    "files",
    "jsonlines",
    "jsonarrays",
    "delimited",
    "payload",
    "warc",
    "nested",
    "formats",
    "extract",
    "worker",
    "workers",
    "pages",
    "sources",
    "documents",
    "read",
    "buffers",
    "intrinsics",
    "chrome.lines",
    "chrome.keys",
    "chrome.parts",
    "chrome.literals",
    "chrome.titles",
    "chrome.rulefiles",
    "chrome.calling",
    "chrome.held",
    "chrome.kept",
    "chrome.wording",
    "chrome.characters",
    "chrome.lookups",
    "chrome.tables",
    "chrome.glance",
    "chrome.scan",
    "chrome.holding",
    "chrome.counts",
    "chrome.words",
    "chrome.phrases",
    "chrome.prepared",
    "chrome.asked",
    "chrome.facts",
    "chrome.compiled",
    "chrome.cuts",
    "chrome.rules",
    "chrome.again",
    "chrome.tags",
    "chrome.evidence",
    "chrome.saying",
    "chrome.special",
    "chrome.neighbours",
    "chrome.shape",
    "chrome.headline",
    "chrome.region",
    "chrome.boxes",
    "chrome.page",
    "chrome.stories",
    "chrome.threads",
    "chrome.lists",
    "chrome.hits",
    "chrome.copies",
    "chrome.unmarked",
    "chrome.headings",
    "chrome.strays",
    "chrome.teasers",
    "chrome.masthead",
    "chrome.allowed",
    "chrome.verdict",
    "chrome.told",
    "chrome.seen",
    "chrome.known",
    "chrome.anew",
    "chrome.learned",
    "chrome.waiting",
    "chrome.removals",
    "chrome.strip",
    "duplicates.shingles",
    "duplicates.differ",
    "duplicates.sorting",
    "duplicates.xxh32",
    "duplicates.xxh3",
    "duplicates.folding",
    "duplicates.kernel",
    "duplicates.pairs",
    "duplicates.sketches",
    "duplicates.overlap",
    "duplicates.signatures",
    "duplicates.match",
    "duplicates.relations",
    "duplicates.pages",
    "duplicates.cluster",
    "duplicates.frames",
    "shards",
    "write",
    "explain",
    "stages",
    "waiting",
    "spool",
    "learning",
    "matching",
    "sample",
    "results",
    "summary",
    "firstrun",
    "pipeline",
    "webpage",
    "compare",
    "terminal",
    "cli",
]
ONLY = {
    "trafilatura": ("extract",),
    "numba": (
        "intrinsics",
        *(f"chrome.{name}" for name in ("counts", "glance", "holding", "lookups", "scan")),
        *(f"duplicates.{name}" for name in ("sorting", "xxh32", "xxh3", "folding", "kernel", "pairs", "sketches")),
    ),
    "tqdm": ("terminal",),
    "typer": ("cli", "terminal"),
}


def modules() -> dict[str, Path]:
    files = [path for path in (ROOT / "cleaner").rglob("*.py") if not path.name.startswith("__")]
    return {".".join(path.relative_to(ROOT / "cleaner").with_suffix("").parts): path for path in files}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_every_module_has_its_place() -> None:
    assert sorted(modules()) == sorted(ORDER)


def test_modules_import_only_from_those_above() -> None:
    for name, path in modules().items():
        inside = {module.removeprefix("cleaner.") for module in imports(path)} & set(ORDER)
        below = {module for module in inside if ORDER.index(module) >= ORDER.index(name)}
        assert not below, f"{name} imports {below}"


def test_chrome_and_duplicates_know_nothing_of_each_other() -> None:
    for name, path in modules().items():
        other = {"chrome": "cleaner.duplicates", "duplicates": "cleaner.chrome"}.get(name.split(".")[0])
        assert other is None or not any(module.startswith(other) for module in imports(path)), name


def test_only_one_file_knows_each_heavy_package() -> None:
    for name, path in modules().items():
        for package, home in ONLY.items():
            known = any(module.split(".")[0] == package for module in imports(path))
            assert not known or name in home, f"{name} imports {package}"


def test_the_public_names_are_those_declared() -> None:
    source = ast.parse((ROOT / "cleaner" / "__init__.py").read_text("utf-8"))
    typed = {a.asname for node in ast.walk(source) if isinstance(node, ast.ImportFrom) for a in node.names if a.asname}
    assert {*typed, "__version__"} == set(cleaner.__all__)
    assert list(cleaner.__all__) == sorted(cleaner.__all__)
    for name in cleaner.__all__:
        assert getattr(cleaner, name) is not None
