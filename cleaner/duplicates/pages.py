"""Addresses of pages to one form: a page comes with and without tracking parameters, as AMP, by http and https."""

import polars as pl

_TRACKING = (
    r"(?:utm_[a-z]+|fbclid|gclid|dclid|msclkid|yclid|twclid|igshid|mc_[ce]id|at_[a-z]+|xtor|ns_[a-z]+|cmp(?:id)?|"
    r"ref|ref_src|source|sr_share|spm|wt_[a-z]+|amp|outputtype)"
)


def pages(urls: pl.Series) -> pl.Series:
    """A number for the page that each URL leads to, null for none; equal for spellings of one address.

    Scheme, `www.`, `amp.` and `m.`, `/amp` at either end, tracking parameters, the fragment and the last slash do not
    count. Equal pages are candidates, no more: their texts are compared.
    """
    if urls.dtype != pl.String or urls.null_count() == urls.len():
        return pl.Series([None] * urls.len(), dtype=pl.UInt64)
    address = (
        pl.col("url")
        .str.strip_chars()
        .str.replace(r"#.*$", "")
        .str.replace(r"(?i)^https?://(?:www\d?\.|amp\.|m\.)*", "")
    )
    addresses = _untracked(urls.to_frame("url").select(address).to_series()).to_frame()
    addresses = addresses.select(
        pl.col("url")
        .str.replace(r"(?i)(/amp|\.amp)?(?:\.html?)?/*(\?|$)", "$2")
        .str.replace(r"(?i)^([^/]+)/amp/", "$1/")
    )
    return addresses.select(pl.when(pl.col("url") != "").then(pl.col("url").hash())).to_series()


def _untracked(addresses: pl.Series) -> pl.Series:
    """The addresses without tracking parameters; many have no parameters at all."""
    some = addresses.str.contains("[?&]").arg_true()
    tracking = rf"(?i)([?&]){_TRACKING}(?:=[^&]*)?(?:&|$)"
    shorter = addresses.gather(some)
    for _ in range(2):  # neighbours share the sign between them
        shorter = shorter.str.replace_all(tracking, "$1")
    return addresses.clone().scatter(some, shorter.str.replace(r"[?&]+$", ""))
