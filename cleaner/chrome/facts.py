"""What the rules that lines are hit by say of them, as arrays: what verdicts ask for by the order of a rule."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl

Booleans = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]

OWN = ("byline", "credit", "date", "source")
"""Categories of what articles carry by themselves; no page stands around them for it."""

LEAD = (*OWN, "share")
"""Categories of what stands below a lead as well as above it."""

VAGUE = "other"
"""The category of what has none: signs and code, which stand between paragraphs as well."""

WORDS = ("advertisement", "credit")
"""Categories of what stands between two paragraphs as a word by itself."""

ROWS = ("byline", "date")
"""Categories of which a page has a line or two: more are the dates of a chronicle, or a list of names."""


OVER = ("comment", "follow", "legal", "navigation", "newsletter", "paywall", "related", "tags", "cookie")
"""Categories of what pages have below articles, and seldom between their lines."""


@dataclass(frozen=True)
class Facts:
    """What each rule says, from the second place on; the first is for lines that none took and special removals.

    Attributes:
        where: Where its line must stand.
        shy: Whether its line goes only where something else does.
        worded: Whether it must not take a word between two paragraphs, which is a subheading there.
        rows: The place of its category among ROWS, from 1 on.
        comment: Whether its line belongs to comments.
        credit: Whether it is of a picture.
        page: Whether no article has its line.
        label: The same of what is in words.
        button: The same of what is more than a section.
        lead: Whether its line stands below a lead too.
        over: Whether articles are over above its line.
        lists: Whether it takes the headlines below, if there are any.
        blocks: Whether it takes all that stands below.
        threads: Whether its line heads comments.
    """

    where: npt.NDArray[np.str_]
    shy: Booleans
    worded: Booleans
    rows: Integers
    comment: Booleans
    credit: Booleans
    page: Booleans
    label: Booleans
    button: Booleans
    lead: Booleans
    over: Booleans
    lists: Booleans
    blocks: Booleans
    threads: Booleans

    @classmethod
    def of(cls, rules: pl.DataFrame) -> Self:
        """What the rules of a table say."""
        category, takes = rules["category"], rules["takes"]
        threads = takes == "thread"

        def said(facts: pl.Series) -> Booleans:
            return np.append(False, facts.to_numpy())

        return cls(
            where=np.array(["tail", *rules["where"]]),
            shy=said(~rules["alone"]),
            worded=said(~category.is_in(WORDS) & ~threads),
            rows=np.array([0, *(ROWS.index(kind) + 1 if kind in ROWS else 0 for kind in category)]),
            comment=said(category == "comment"),
            credit=said(category == "credit"),
            page=said(~category.is_in([*OWN, VAGUE])),
            label=said(~category.is_in([*OWN, VAGUE, "counter"])),
            button=said(~category.is_in([*OWN, VAGUE, "counter", "navigation"])),
            lead=said(category.is_in(LEAD)),
            over=said(category.is_in(OVER)),
            lists=said(takes.is_in(["list", "block"]) & (category == "related")),
            blocks=said((takes == "block") | threads),
            threads=said(threads),
        )
