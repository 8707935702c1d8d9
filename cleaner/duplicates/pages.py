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
        .str.replace_all(rf"(?i)([?&]){_TRACKING}(?:=[^&]*)?(?:&|$)", "$1")
        .str.replace_all(rf"(?i)([?&]){_TRACKING}(?:=[^&]*)?(?:&|$)", "$1")  # neighbours share the sign between them
        .str.replace(r"[?&]+$", "")
        .str.replace(r"(?i)(/amp|\.amp)?(?:\.html?)?/*(\?|$)", "$2")
        .str.replace(r"(?i)^([^/]+)/amp/", "$1/")
    )
    addresses = urls.to_frame("url").select(address)  # apart, or all of it would be done twice below
    return addresses.select(pl.when(pl.col("url") != "").then(pl.col("url").hash())).to_series()
