"""What a run did, for people and for `run.json`."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cleaner import __version__, read
from cleaner.duplicates.shingles import NORMAL_FORM


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What a run did.

    Attributes:
        output: Where the results lie.
        inputs: Documents and records that came in, usable or not.
        kept: Documents in the corpus.
        duplicates: Number of duplicates by relation.
        rejected: Number of rejects by reason.
        removed: Number of removals by category.
        text_bytes: Text that came in, in bytes of UTF-8.
        removed_bytes: Text that was removed.
        id_clashes: Documents whose id another one had before.
        candidates: Pairs that were measured.
        large_buckets: Buckets over `max_bucket`, in which not all pairs were.
        dates_unknown: With a window, documents whose date is not known, and which are duplicates of none.
        seconds: Time taken: `total`, and by stage. Batches are worked on side by side, so stages may add up to more.
        again: Whether the output was there already, from a run with the same inputs and settings.
    """

    output: Path
    inputs: int
    kept: int
    duplicates: dict[str, int]
    rejected: dict[str, int]
    removed: dict[str, int]
    text_bytes: int
    removed_bytes: int
    id_clashes: int
    candidates: int
    large_buckets: int
    dates_unknown: int
    seconds: dict[str, float]
    again: bool = False


def report(summary: Summary, inputs: read.Inputs, fingerprint: str) -> dict[str, Any]:
    """What `run.json` says: counts, settings and times, and the fingerprint that a run is known again by."""
    counts = {name: value for name, value in asdict(summary).items() if name not in ("output", "seconds", "again")}
    return {
        "cleaner": __version__,
        "normal_form": NORMAL_FORM,
        "settings": inputs.settings.as_dict(),
        "files": len(inputs.sources),
        "fingerprint": fingerprint,
        "counts": counts,
        "times": {stage: round(seconds, 3) for stage, seconds in summary.seconds.items()},
    }
