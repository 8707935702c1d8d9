"""Dates as the press writes them."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from cleaner.times import seconds


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2018-12-07", "2018-12-07T00:00"),
        ("2018-12-07T10:11:12+02:00", "2018-12-07T08:11:12"),
        ("2018-12-07T10:11:12.123Z", "2018-12-07T10:11:12"),
        ("2018-12-07 10:11", "2018-12-07T10:11"),
        ("26-FEB-1987 15:01:01.79", "1987-02-26T15:01:01"),
        ("3-MAR-1987  9:15:05", "1987-03-03T09:15:05"),
        ("Fri, 07 Dec 2018 10:11:12 GMT", "2018-12-07T10:11:12"),
        ("7 December 2018", "2018-12-07T00:00"),
        ("07.12.2018", "2018-12-07T00:00"),
        ("20181207", "2018-12-07T00:00"),
        ("1544177472", "2018-12-07T10:11:12"),
        ("1544177472000", "2018-12-07T10:11:12"),
        ("2024-10", "2024-10-01T00:00"),
        ("Fri, Dec 7, 2018, 10:11", "2018-12-07T10:11"),
        ("December 7, 2018", "2018-12-07T00:00"),
        ("Fri 7/12/2018", "2018-12-07T00:00"),
        ("7-12-2018", "2018-12-07T00:00"),
        ("7 décembre 2018 à 10h20", "2018-12-07T00:00"),
        ("7. Dezember 2018", "2018-12-07T00:00"),
    ],
)
def test_dates_are_read(written: str, meant: str) -> None:
    assert seconds(pl.Series([written]))[0] == datetime.fromisoformat(meant).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize("written", ["", "hier", "il y a 3 jours", "2018-13-45", "2018", "n° 12", None])
def test_what_is_no_date_is_unknown(written: str | None) -> None:
    assert seconds(pl.Series([written], dtype=pl.String)).to_list() == [None]


def test_the_day_stands_first_unless_the_column_says_otherwise() -> None:
    day = date(2019, 4, 3)
    assert seconds(pl.Series(["03/04/2019"]))[0] == datetime(2019, 4, 3, tzinfo=UTC).timestamp()
    assert seconds(pl.Series(["04-03-2019", "04/23/2019"]))[0] == datetime(2019, 4, 3, tzinfo=UTC).timestamp()
    assert seconds(pl.Series([day]))[0] == datetime(2019, 4, 3, tzinfo=UTC).timestamp()


def test_a_column_that_is_no_date_is_unknown() -> None:
    assert seconds(pl.Series([1.5, None])).to_list() == [None, None]
