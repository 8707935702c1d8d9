"""What some lines of the content say: how long they are, their words, and what they have to do with the line below."""

import numpy as np
import polars as pl

from cleaner.chrome.evidence import Booleans, Evidence, Integers


def sizes(evidence: Evidence, at: Integers) -> Integers:
    """Bytes of some lines of content, which say without their texts that most are too long."""
    places = evidence.content[at]
    start, stop = (evidence.lines[name].to_numpy()[places] for name in ("from", "to"))
    return np.asarray(np.subtract(stop, start, dtype=np.int64))


def trimmed(evidence: Evidence, at: Integers) -> pl.Series:
    """Some lines of content, trimmed."""
    return evidence.lines["rest"].gather(evidence.content[at]).str.strip_chars().alias("text")


def announce(evidence: Evidence, at: Integers) -> Booleans:
    """Whether each of some lines announces what stands below it, by a colon."""
    return np.asarray(trimmed(evidence, at).str.contains(r"[:：]$").to_numpy())


def goes_on(evidence: Evidence, at: Integers) -> Booleans:
    """Whether the line below each of some begins in lower case: where links were lost words have lines of their own."""
    below = np.minimum(at + 1, evidence.doc.size - 1)
    small = trimmed(evidence, below).str.contains(r"^\p{Ll}").to_numpy()
    return np.asarray(small & (evidence.doc[below] == evidence.doc[at]))
