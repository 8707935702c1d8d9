"""Pictures of results, as SVG."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import RESULTS


def draw(result: dict[str, Any], folder: Path = RESULTS) -> list[Path]:
    """The pictures that a result can be shown by; none where matplotlib is not installed."""
    try:
        import matplotlib as mpl
    except ImportError:
        print("no pictures: matplotlib is not installed (pip install 'news-cleaner[bench]')")
        return []
    mpl.use("svg")
    mpl.rcParams.update(
        {"svg.hashsalt": "cleaner", "font.size": 10, "axes.spines.top": False, "axes.spines.right": False}
    )
    folder.mkdir(parents=True, exist_ok=True)
    if result["command"] == "peers":
        drawn = [_bars(result["signing"], "raw text to 128 MinHash values, MB/s, one thread", folder / "signing.svg")]
        if result.get("whole"):
            drawn.append(_bars(result["whole"], "whole job, MB/s, two cores", folder / "whole.svg"))
        return drawn
    curves = {"scale": _curve, "noise": _noise}
    command = result["command"]
    return [curves[command](result["rows"], folder / f"{command}.svg")] if command in curves else []


def _bars(rows: Sequence[dict[str, Any]], title: str, path: Path) -> Path:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 0.5 + 0.42 * len(rows)), layout="constrained")
    ordered = sorted(rows, key=lambda row: row["mb_per_second"])
    names, speeds = [row["tool"] for row in ordered], [row["mb_per_second"] for row in ordered]
    colours = ["#b5482a" if name == "cleaner" else "#8a94a0" for name in names]
    bars = axes.barh(names, speeds, color=colours)
    axes.bar_label(bars, [f"{speed:.3g}" for speed in speeds], padding=3)
    axes.set_title(title, loc="left")
    axes.margins(x=0.12)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
    return path


def _curve(rows: Sequence[dict[str, Any]], path: Path) -> Path:
    import matplotlib.pyplot as plt

    figure, (speed, memory) = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
    docs = [row["docs"] for row in rows]
    speed.plot(docs, [row["docs_per_second"] for row in rows], "o-", color="#b5482a")
    memory.plot(docs, [row["peak_bytes"] / 1e6 for row in rows], "o-", color="#3a5a78")
    for axes, title in ((speed, "documents a second"), (memory, "peak memory, MB")):
        axes.set_xscale("log")
        axes.set_ylim(bottom=0)
        axes.set_title(title, loc="left")
        axes.set_xlabel("documents")
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
    return path


def _noise(rows: Sequence[dict[str, Any]], path: Path) -> Path:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 3), layout="constrained")
    for kind, colour in (("words", "#8a94a0"), ("characters", "#b5482a")):
        of_kind = [row for row in rows if row["shingle_of"] == kind]
        share, recall = [100 * row["noise"] for row in of_kind], [row["recall"] for row in of_kind]
        axes.plot(share, recall, "o-", color=colour)
        axes.annotate(kind, (share[3], recall[3]), xytext=(6, 6), textcoords="offset points", color=colour)
    axes.set_ylim(-0.02, 1.02)
    axes.set_title("share of the copies found, shingles of words and of characters", loc="left")
    axes.set_xlabel("words dropped or misspelt, of a hundred")
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
    return path
