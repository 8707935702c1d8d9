"""Removals that come from the shape of the document rather than from a rule: their orders, names and categories."""

from cleaner.chrome.evidence import LEARNED
from cleaner.chrome.tags import TAGS

KEPT = -1
"""The order of a line that stays; rules have orders from 0 on."""

TITLE, REPEATED, SUFFIX, BLANK = -2, -3, -4, -5
MENU, HEADLINES, OUTSIDE = -7, -8, -9
PAGE = (MENU, HEADLINES, OUTSIDE)
AGAIN = -13
NAME, SECTION, REST, MASTHEAD, TEASER, FIGURES, LABEL, DOUBLED, CAPTION, STRAY, SIGNATURE = range(-14, -25, -1)
BESIDE = (NAME, REST, TEASER, LABEL, DOUBLED, *PAGE)
"""Those that labels stand beside, as they stand beside what rules take."""

SPECIAL = {
    TITLE: ("title", "title"),
    REPEATED: ("repeated-title", "repeated-title"),
    SUFFIX: ("title-suffix", "site-suffix"),
    BLANK: ("blank-lines", "blank"),
    AGAIN: ("repeated-text", "repeated-text"),
    TAGS: ("tag-line", "tags"),
    MENU: ("page/menu", "navigation"),
    HEADLINES: ("page/headlines", "related"),
    OUTSIDE: ("page/outside", "other"),
    NAME: ("name", "byline"),
    SECTION: ("section", "navigation"),
    REST: ("rest-of-page", "other"),
    MASTHEAD: ("above-title", "navigation"),
    TEASER: ("teasers", "related"),
    FIGURES: ("figures", "counter"),
    LABEL: ("label", "navigation"),
    STRAY: ("stray", "other"),
    SIGNATURE: ("signature", "credit"),
    DOUBLED: ("repeated-line", "repeated-text"),
    CAPTION: ("caption", "credit"),
    **dict.fromkeys(LEARNED.values(), ("learned", "learned")),
}
"""The name and the category of each."""

SAID = {
    AGAIN: "stands above too, with the paragraphs around it",
    REPEATED: "the words of the title",
    TITLE: "the first headline that is left",
    NAME: "a name beside the text, which has none of its words",
    SECTION: "one to three words above the title",
    REST: "below the text and below what belongs to the page",
    MASTHEAD: "above the headline that says the words of the text",
    TEASER: "below the text, with others that are broken off like it",
    FIGURES: "a count or a time in a page, without a letter",
    DOUBLED: "the line above, once more",
    CAPTION: "beside the same caption with its credit",
    STRAY: "a few words above no paragraph, and the text has none of them",
    SIGNATURE: "a few words below the text, which has none of them",
    LABEL: "one to three words between the title and the text, or right beside what belongs to the page",
}
"""What gives away those of them that no hit does, in words."""
