"""Dates as the press writes them, to seconds; a date that cannot be read is unknown, not guessed."""

import polars as pl

DAY = 86_400
"""Seconds in a day."""

_DAYS = (
    (r"^\s*(\d{4}-\d{1,2}-\d{1,2})", "%Y-%m-%d"),
    (r"^\s*(\d{4}/\d{1,2}/\d{1,2})", "%Y/%m/%d"),
    (r"^\s*(\d{8})(?:T\d|\d{6}$|$)", "%Y%m%d"),
    (r"(\d{1,2}-[A-Za-z]{3}-\d{4})", "%d-%b-%Y"),  # 26-FEB-1987, and what English ones are brought to
    (r"^\s*(\d{1,2}\.\d{1,2}\.\d{4})", "%d.%m.%Y"),
)
_ENGLISH = r"(\d{1,2})[ -]([A-Za-z]{3})[a-z]*\.?,?[ -](\d{4})"
_AMERICAN = r"\b([A-Za-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})"
_TWO_NUMBERS = r"\d{4}|\d\D+\d"  # a day and a year, as `3 hours ago` has not
_SLASHES = r"^\s*(?:\p{L}+\.?,? )?(\d{1,2})[/-](\d{1,2})[/-](\d{4})"


def seconds(dates: pl.Series) -> pl.Series:
    """Seconds since 1970 of each date, null where it is not known; a date without an hour is the day's beginning.

    Of dates such as 03/04/2019 or 3-4-2019 the day stands first, as in most of the world, unless one of the column has
    a second number above 12.
    """
    if dates.dtype.is_temporal() and dates.dtype != pl.Time:
        return dates.cast(pl.Datetime("ms")).dt.epoch("s").rename("")
    if dates.dtype.is_integer():
        dates = dates.cast(pl.String)
    if dates.dtype != pl.String:
        return pl.Series([None] * dates.len(), dtype=pl.Int64)
    given = pl.DataFrame({"date": dates})  # of which only different ones are read: many documents are of one day
    once = given.unique()
    months_first = bool(once["date"].str.contains(r"^\s*\d{1,2}[/-](?:1[3-9]|2\d|3[01])[/-]\d{4}").any())
    found = once.with_columns(seconds=_by_form(pl.col("date"), months_first=months_first))
    odd = found.filter(pl.col("seconds").is_null(), pl.col("date").str.contains(_TWO_NUMBERS)).select(
        _day_only(pl.col("date"))
    )
    read = odd.unique().with_columns(read=pl.col("day").map_elements(_read, return_dtype=pl.Int64))
    told = (
        found.with_columns(_day_only(pl.col("date")))
        .join(read, on="day", how="left")
        .select("date", told=pl.coalesce("seconds", "read"))
    )
    return given.join(told, on="date", how="left", maintain_order="left")["told"].rename("")


def _by_form(date: pl.Expr, *, months_first: bool) -> pl.Expr:
    """The seconds of dates in the forms that machines write."""
    one_form = date.str.replace(_ENGLISH, "$1-$2-$3").str.replace(_AMERICAN, "$2-$1-$3")
    days = [one_form.str.extract(pattern).str.to_date(form, strict=False) for pattern, form in _DAYS]
    slashes = (
        pl.when(date.str.contains(_SLASHES))
        .then(date.str.replace(_SLASHES + ".*$", "$1/$2/$3"))
        .str.to_date("%m/%d/%Y" if months_first else "%d/%m/%Y", strict=False)
    )
    month = (date.str.extract(r"^\s*(\d{4}-\d{2})$") + "-01").str.to_date("%Y-%m-%d", strict=False)
    clock = date.str.extract_groups(r"[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2}))?")
    hour, minute, second = (clock.struct.field(name).cast(pl.Int64).fill_null(0) for name in "123")
    zone = date.str.extract_groups(r"\d\s*([+-])(\d{2}):?(\d{2})\s*$")
    sign = pl.when(zone.struct.field("1") == "-").then(-1).otherwise(1)
    shift = sign * (zone.struct.field("2").cast(pl.Int64) * 3600 + zone.struct.field("3").cast(pl.Int64) * 60)
    has_clock = clock.struct.field("1").is_not_null()
    within = pl.when(has_clock).then(hour * 3600 + minute * 60 + second - shift.fill_null(0)).otherwise(0)
    epoch = pl.coalesce(
        date.str.extract(r"^\s*(\d{10})\s*$").cast(pl.Int64),
        date.str.extract(r"^\s*(\d{13})\s*$").cast(pl.Int64) // 1000,
    )
    return pl.coalesce(pl.coalesce(*days, slashes, month).dt.epoch("s") + within, epoch)


def _day_only(date: pl.Expr) -> pl.Expr:
    """What is left of a date without the hour, so that as few different ones are read as there are days."""
    return date.str.replace(r"\s*(?:[àa]t?\s*)?\d{1,2}\s*[:hH]\s*\d{2}.*$", "").str.strip_chars().alias("day")


def _read(day: str) -> int | None:
    """A date in words, of any language."""
    import dateparser  # noqa: PLC0415 (it takes a second to load, and most dates do without)

    known = {"PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["day", "month", "year"], "TIMEZONE": "UTC"}
    found = dateparser.parse(day, settings={**known, "RETURN_AS_TIMEZONE_AWARE": True}) if len(day) <= 64 else None  # noqa: PLR2004 (no date is longer)
    return None if found is None else int(found.timestamp())
