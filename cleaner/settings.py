"""Every knob that changes a result: its name, its default and the reason for the default."""

import dataclasses
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from cleaner.errors import SettingsError

PREFERENCES = ("longest", "shortest", "earliest", "latest")
PREFERENCE_HELP = f"one of {', '.join(PREFERENCES)}, source:a,b or a column"
MOST_MB = 4000
"""Offsets of removals have 32 bits."""

RELATIONS = ("exact", "near", "contained", "contains", "update")
"""What a duplicate is to the document kept; what else two documents may be to each other never removes one."""

SHINGLES = {"words": 5, "characters": 12}
"""What shingles are made of, and how many make one unless told otherwise."""

LEAST_PAGE_MB = 500
"""Less would not do for the libraries themselves."""

HTML_MODES = ("precision", "balanced", "recall", "fast")
INPUTS = ("auto", "page", "article")
FORMATS = ("parquet", "jsonl", "jsonl.gz", "jsonl.zst", "csv", "txt")
PARTITIONS = ("", "site", "date")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of a run; the same fields are options of `cleaner run` and keys of a settings file.

    Attributes:
        text_column: Name of the column that holds the text. By default the first of `text`, `content`, `body`,
            `articleBody`, `maintext` that the input has, the names that scrapers and schema.org use.
        html_column: Name of the column that holds web pages, which are read where a record has no text. By default the
            first of `html`, `raw_html`, `html_content`, `content_html`, `body_html`, `article_html`, `page_html`,
            `page` that the input has. A column of text whose values begin as pages do is read as one of pages, too.
        id_column: Name of the column that identifies a document. By default `id`, else `url`, else the file's path.
        site_column: Name of the column with the source. By default the first of `site`, `source`, `publisher`,
            `domain`; else the host of the URL; else the first directory under the input.
        strip: Take chrome away. Off for texts that are clean already.
        input: What the texts are: `page`, whole pages as text, with menus and footers; `article`, what a tool made of
            a page; or `auto`, for each what its shape says. `auto`, which leaves articles alone: of 1,056 clean ones
            none was taken for a page.
        rules: Rule files of one's own, read besides the packs; in the form of `cleaner/chrome/packs`.
        learn: Learn lines that recur across the different articles of a source, and take them away. On: no pack has
            what one site alone says; sources with fewer than 20 different articles are left alone.
        learned: Tables of lines learned in earlier runs (`learned.parquet`), taken away besides, so that a small daily
            crawl has the benefit of a large one.
        dedupe: Look for duplicates. Off where every copy is wanted.
        shingle_of: What shingles are made of: `words` (in scripts without spaces they are characters anyway), or
            `characters`, without the spaces between them, for texts read by a machine, in which letters are confused
            and words run together. `words`: clean texts are told apart better by them, in a third of the time.
        shingle_size: Tokens in a shingle. By default 5 words, the field's choice for articles: shorter ones meet by
            idiom, longer ones break at every edit; or 12 characters, two or three words: 10 and 8 find more in noise
            and take forms and phrases for copies (F1 on labelled pairs .979, .961, .953).
        num_perm: Values in a signature. 128: the standard error of an estimate is .09 at most, and every candidate is
            measured exactly afterwards.
        seed: Seed of the permutations. 1 is datasketch's own, so that signatures can be exchanged.
        threshold: Least similarity (Jaccard of the shingle sets) of a near duplicate. 0.7: edited wire copies lie
            above, templates with other facts mostly below. Two texts are alike if either threshold is reached.
        containment: Least share of the smaller text's shingles that lies in the larger, of a brief, a cut copy or an
            older version. 0.7: of the hand-labelled pairs all copies but one in 250 reach it, and no two articles that
            only share paragraphs do; from .68 to .76 nothing changes.
        drop: The relations whose documents go: `exact`, `near`, `contained` (the document lies in the one kept),
            `contains` (the other way round, where the preference keeps the shorter) and `update` (the one kept is a
            later version). All five, since what they have is in the corpus without them.
        max_bucket: Largest bucket in which all pairs are compared; members of a larger one are compared with its first
            few by id only. 64: exact copies are folded before, so larger buckets are templates.
        keep: Which document of a cluster stays: `longest`, `shortest`, `earliest`, `latest`, `source:a,b` (sources in
            order of preference), or the name of a column (its smallest value stays). Ties go to the earlier date,
            then to the smaller id. `longest`, so that a cut copy goes and the whole one stays.
        window: Only documents within such a time of each other are duplicates: `12h`, `7d`, `2w`. By default any are; a
            document whose date is not known is then a duplicate of none.
        across_sources_only: Only documents of different sources are duplicates, for who studies what papers copy.
        within_source_only: Only documents of one source are duplicates, for who wants each paper whole.
        annotate: Write `pairs.parquet` too: all pairs that share much, with their relation, among them templates
            (one form, other facts), standing texts and shared paragraphs, which remove nothing.
        explain_sample: Number of documents that are drawn at random and explained line by line in `explained.txt`, for
            a person to read what goes and why. 0, since a run should not take time for what no one asked to read.
        keep_duplicates: Keep the text of dropped documents in `duplicates`, so that they can be restored. On, since
            nothing should be lost unasked.
        max_document_mb: Largest text that is taken for an article, in millions of bytes of UTF-8. 32: no article is,
            and one such line would fill the memory of a batch.
        html_mode: What trafilatura favours in pages: `precision`, `balanced`, `recall` or `fast`. `precision`: with the
            steps around it and after stripping it scores best on labelled pages (F1 .980 and .949 on two sets,
            `balanced` .971 and .946, `recall` .973 and .947, `fast` .976 and .940). These are the pages that it was
            chosen on; what it scores on others is not known from them.
        max_page_mb: Largest web page that is read, in millions of bytes. 20: articles have less than a tenth of it.
        max_page_seconds: Time of the processor that the extraction of one page may take. 30: the slowest of real pages
            takes one.
        max_page_memory_mb: Memory, in millions of bytes, that the process which extracts a page may take. 2000: pages
            of 30 MB need half of it.
        format: Form of the corpus: `parquet`, `jsonl`, `jsonl.gz`, `jsonl.zst`, `csv` or `txt`. Parquet, which keeps
            types and is the smallest.
        shard_mb: Text, in millions of bytes, after which a new file of the corpus begins; 0 for one file. One file is
            what most tools want, and shards what they want of a large corpus.
        partition_by: `site` or `date` (the day), for a directory of files of each; none by default. Not with `txt`.
    """

    text_column: str | None = None
    html_column: str | None = None
    id_column: str | None = None
    site_column: str | None = None
    strip: bool = True
    input: str = "auto"
    rules: tuple[str, ...] = ()
    learn: bool = True
    learned: tuple[str, ...] = ()
    dedupe: bool = True
    shingle_of: str = "words"
    shingle_size: int | None = None
    num_perm: int = 128
    seed: int = 1
    threshold: float = 0.7
    containment: float = 0.7
    drop: tuple[str, ...] = RELATIONS
    max_bucket: int = 64
    keep: str = "longest"
    window: str | None = None
    across_sources_only: bool = False
    within_source_only: bool = False
    annotate: bool = False
    explain_sample: int = 0
    keep_duplicates: bool = True
    max_document_mb: float = 32.0
    html_mode: str = "precision"
    max_page_mb: float = 20.0
    max_page_seconds: float = 30.0
    max_page_memory_mb: float = 2000.0
    format: str = "parquet"
    shard_mb: float = 0.0
    partition_by: str = ""

    def __post_init__(self) -> None:
        """Refuse values that no run could use."""
        self._require(self.shingle_of in SHINGLES, "shingle_of", f"one of {', '.join(SHINGLES)}")
        if self.shingle_size is not None:
            self._require_within("shingle_size", 1, 64)
        self._require_within("num_perm", 2, 4096)
        self._require(0 < self.threshold <= 1, "threshold", "a number above 0 and up to 1")
        self._require(0 < self.containment <= 1, "containment", "a number above 0 and up to 1")
        self._require(
            isinstance(self.drop, tuple) and set(self.drop) <= set(RELATIONS), "drop", f"some of {', '.join(RELATIONS)}"
        )
        self._require(self.window is None or seconds_in(self.window) > 0, "window", "a time such as 12h, 7d or 2w")
        self._require(
            not (self.across_sources_only and self.within_source_only),
            "within_source_only",
            "off where across_sources_only is on: together they leave nothing to compare",
        )
        self._require_within("max_bucket", 2, 2**31)
        self._require(0 < self.max_document_mb <= MOST_MB, "max_document_mb", f"a number above 0 and up to {MOST_MB}")
        self._require_within("seed", 0, 2**32 - 1)
        self._require_within("explain_sample", 0, 100_000)
        self._require(self.html_mode in HTML_MODES, "html_mode", f"one of {', '.join(HTML_MODES)}")
        self._require(0 < self.max_page_mb <= MOST_MB, "max_page_mb", f"a number above 0 and up to {MOST_MB}")
        self._require(self.max_page_seconds > 0, "max_page_seconds", "a number above 0")
        self._require(self.max_page_memory_mb >= LEAST_PAGE_MB, "max_page_memory_mb", f"at least {LEAST_PAGE_MB}")
        self._require(self.format in FORMATS, "format", f"one of {', '.join(FORMATS)}")
        self._require(self.input in INPUTS, "input", f"one of {', '.join(INPUTS)}")
        self._require(self.shard_mb >= 0, "shard_mb", "0 or a number above it")
        parted = self.partition_by or self.shard_mb
        self._require(self.partition_by in PARTITIONS, "partition_by", "site, date or empty")
        self._require(not (self.format == "txt" and parted), "format", "another than txt, for shards or partitions")
        self._require(bool(self.keep), "keep", PREFERENCE_HELP)
        for name in ("rules", "learned"):
            files = getattr(self, name)
            paths = isinstance(files, tuple) and all(isinstance(file, str) for file in files)
            self._require(paths, name, "a tuple of paths")

    @property
    def tokens_in_shingle(self) -> int:
        """`shingle_size`, or what it is by default for `shingle_of`."""
        return self.shingle_size or SHINGLES[self.shingle_of]

    def _require_within(self, name: str, least: int, most: int) -> None:
        value = getattr(self, name)
        holds = type(value) is int and least <= value <= most
        self._require(holds, name, f"a whole number from {least} to {most}")

    def _require(self, holds: bool, name: str, wanted: str) -> None:  # noqa: FBT001 (a statement, not an option)
        if not holds:
            message = f"setting {name!r} is {getattr(self, name)!r}: it must be {wanted}."
            raise SettingsError(message)

    @classmethod
    def read(cls, path: str | Path, **changes: Any) -> Self:
        """The settings in a TOML file, with `changes` on top.

        Raises:
            SettingsError: The file cannot be read, or has a key that is no setting.
        """
        try:
            values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            message = f"settings file {path}: {error}. Give a TOML file with lines such as `threshold = 0.8`."
            raise SettingsError(message) from error
        return cls.of({**values, **changes}, source=f"settings file {path}")

    @classmethod
    def of(cls, values: dict[str, Any], *, source: str = "settings") -> Self:
        """Settings from names and values, each checked for its type.

        Raises:
            SettingsError: A name is no setting, or a value is not of its type.
        """
        fields = {field.name: field for field in dataclasses.fields(cls)}
        for name, value in values.items():
            if name not in fields:
                message = f"{source}: {name!r} is no setting. The settings are {', '.join(fields)}."
                raise SettingsError(message)
            values = {**values, name: _typed(value, fields[name], source)}
        return cls(**values)

    def as_dict(self) -> dict[str, Any]:
        """Names and values, as JSON and TOML can hold them."""
        return {
            **dataclasses.asdict(self),
            "rules": list(self.rules),
            "learned": list(self.learned),
            "drop": list(self.drop),
        }


def seconds_in(window: str) -> int:
    """The seconds of a time such as 12h, 7d or 2w; 0 if it is none."""
    number, unit = window[:-1], {"h": 3600, "d": 86_400, "w": 604_800}.get(window[-1:], 0)
    return int(number) * unit if number.isdecimal() else 0


def _typed(value: Any, field: dataclasses.Field[Any], source: str) -> Any:
    """The value as the field's type, where it is one that TOML writes in another way."""
    default = field.default
    if isinstance(default, tuple) and isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return tuple(value)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    kind: tuple[type, ...] = (int,) if "int" in str(field.type) else (str,)
    allowed = (*kind, type(None)) if default is None else (type(default),)
    if type(value) in allowed:
        return value
    wanted = " or ".join(kind.__name__ for kind in allowed).replace("NoneType", "nothing")
    message = f"{source}: setting {field.name!r} is {value!r}: it must be of type {wanted}."
    raise SettingsError(message)
