"""Words that look like those of a language, and all pieces of which a corpus is laid.

A piece is a run of bytes that is written as it is: a word with the sign behind it, a phrase, a bit of JSON. Documents
are rows of piece numbers, so that no Python runs per word.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.ragged import Numbers

LANGUAGES: Final = ("fr", "en", "de", "es")
WORDS: Final = 20_000
"""Words of each language, function words first."""

LOWER, CAPITAL, STOP, LAST, COMMA, MISSPELT, BARE, CUT = range(8)
"""Forms of a word: in a sentence, at its head, at its end, at a paragraph's end, before a comma, with two letters
confused, with nothing behind it, before an ellipsis."""
FORMS: Final = 8

MOST_COMMON: Final = 100
"""No language here has so many function words."""

TABLE_BITS: Final = 18
"""A random number of so many bits picks a word by Zipf's law."""

_COMMON: Final = {
    "fr": "de la le les et des en un une du pour que qui dans sur par au est plus avec ce ne pas se son sa aux ont "
    "mais cette sont il elle ou leur ces entre fait deux sans tout aussi après être depuis sous comme même selon ses "
    "était avant encore dont où nous vous ils elles peut contre chez très peu vers jusque pendant lors donc alors",
    "en": "the of and to in a is that for on with as was by at from it an be this which are has have had were its but "
    "not their or they been who will more would about after two into than one other all no when up his her out she he "
    "over some could only new first time also between most before through under where while during those both each",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er "
    "hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis "
    "mehr durch man sein wurde sei prozent hatte kann gegen vom können schon wenn habe seine ihre dann unter wir soll",
    "es": "de la que el en y los del se las por un para con no una su al lo como más pero sus le ya o este sí porque "
    "esta entre cuando muy sin sobre también hasta hay donde quien desde todo nos durante uno les ni contra otros "
    "ese eso ante ellos esto antes algunos unos yo otro otras otra él tanto esa estos mucho quienes nada muchos cual",
}
_SYLLABLES: Final = {
    "fr": (
        "b c d f g l m n p r s t v br cl dr fr gr pl tr ch j",
        "a e i o u é ai an eau en eu in on ou è oi",
        "r l s n t",
    ),
    "en": (
        "b c d f g h k l m n p r s t w br cl dr fl gr pl sh st th tr",
        "a e i o u ea ee oo ai ou",
        "n r s t l ck nd rt",
    ),
    "de": (
        "b d f g h k l m n r s t w z br fl gr kr schl schr st tr sch",
        "a e i o u ä ö ü au ei ie",
        "n r s t l ch cht rg nd",
    ),
    "es": ("b c d f g h j l m n p r s t v br cr dr gr pl tr ll ñ", "a e i o u ia ie ue á é í ó", "n r s l"),
}
_ENDINGS: Final = {
    "fr": "er ée ment tion eur euse té ité ier ière age ette oire el elle eux",
    "en": "ing ed er ly ness ment tion al y le or ish ity ence ous en",
    "de": "en er ung lich keit heit ig isch el e end ten schaft los tum nis",
    "es": "ar ado ida ción dad mente ero ista oso al ez or ura ente illo ía",
}


_RUDE: Final = re.compile("fuck|shit|cunt|nigg|puta|cul$")
"""What chance must not spell."""


def _invented(lang: str, count: int) -> list[str]:
    """Different pronounceable words, the same ones on every machine."""
    onsets, vowels, codas = (part.split() for part in _SYLLABLES[lang])
    endings, known, words = _ENDINGS[lang].split(), set(_COMMON[lang].split()), list[str]()
    random = np.random.Generator(np.random.PCG64(len(lang) + LANGUAGES.index(lang)))
    while len(words) < count:
        picks = random.integers(0, 1 << 30, (count, 7)).tolist()
        for one, two, three, four, five, six, seven in picks:
            word = onsets[one % len(onsets)] + vowels[two % len(vowels)]
            if seven % 3:
                word += onsets[three % len(onsets)] + vowels[four % len(vowels)]
            word += codas[five % len(codas)] + (endings[six % len(endings)] if seven % 5 else "")
            if len(word) > 3 and word not in known and not _RUDE.search(word) and len(words) < count:  # noqa: PLR2004 (shorter ones are real, and not all are polite)
                known.add(word)
                words.append(word)
    return words


@cache
def vocabulary(lang: str) -> list[str]:
    """The words of a language by rank: function words, then invented ones, with numbers and names among them."""
    common = _COMMON[lang].split()
    content = _invented(lang, WORDS - len(common))
    for place in range(7, len(content), 25):
        content[place] = str(2 + place // 25)
    for place in range(0, len(content), 10):  # so that no name stands beside a number
        content[place] = content[place].capitalize()
    return common + content


FIGURES: Final = 200
"""Different figures, those most used."""


def figures(lot: Numbers, lang: Numbers) -> Numbers:
    """Numbers of words that are figures; `lot` is below FIGURES."""
    return np.array([len(_COMMON[one].split()) for one in LANGUAGES])[lang] + 7 + 25 * lot


@cache
def is_name() -> npt.NDArray[np.bool_]:
    """Whether each word of each language is a name or a number."""
    return np.array([not word.islower() for lang in LANGUAGES for word in vocabulary(lang)])


def _misspelt(word: str) -> str:
    """Two inner letters confused; a short word has its last letter doubled."""
    middle = len(word) // 2
    if len(word) > 3 and word[middle - 1] != word[middle]:  # noqa: PLR2004 (short words have no inner letters)
        return word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
    return word + word[-1]


def _forms(words: list[str]) -> list[str]:
    """All words in the order of forms: FORMS times WORDS."""
    capital = [word[0].upper() + word[1:] for word in words]
    return [
        *(f"{word} " for word in words),
        *(f"{word} " for word in capital),
        *(f"{word}. " for word in words),
        *(f"{word}." for word in words),
        *(f"{word}, " for word in words),
        *(f"{_misspelt(word)} " for word in words),
        *words,
        *(f"{word}…" for word in words),
    ]


@cache
def _zipf(first: int, last: int, flat: int) -> npt.NDArray[np.int32]:
    """Ranks from first to last, each as often as Zipf's law has it (Mandelbrot's form), in 2**TABLE_BITS places."""
    weights = 1 / np.arange(flat, last - first + flat)
    bounds = np.cumsum(weights) / weights.sum()
    places = (np.arange(1 << TABLE_BITS) + 0.5) / (1 << TABLE_BITS)
    return np.asarray(first + np.searchsorted(bounds, places), np.int32)


@dataclass(frozen=True)
class Pieces:
    """All pieces: their bytes end to end, where each begins, and its length in the file and in the text it stands for.

    Attributes:
        data: The bytes as they stand in a JSON file.
        starts: Where each piece begins in `data`.
        sizes: Its bytes there.
        text_sizes: Its bytes in the document's text: fewer where JSON escapes, none for what is no text.
        table: Word numbers by language, kind (function word, content word) and random number.
        extra: Numbers of further pieces by what they are.
    """

    data: npt.NDArray[np.uint8]
    starts: npt.NDArray[np.int32]
    sizes: npt.NDArray[np.int32]
    text_sizes: npt.NDArray[np.int32]
    table: npt.NDArray[np.int32]
    extra: dict[str, int]


def pieces(phrases: list[str], structure: list[str]) -> Pieces:
    """The pieces of all languages, the phrases of frames, and bits of JSON, which are no text."""
    texts = [form for lang in LANGUAGES for form in _forms(vocabulary(lang))]
    first = len(texts)
    texts += phrases
    written = [text.replace("\n", "\\n").replace('"', '\\"').encode() for text in texts]
    text_sizes = [len(text.encode()) for text in texts] + [0] * len(structure)
    written += [text.encode() for text in structure]
    sizes = np.array([len(text) for text in written], np.int32)
    tables = []
    for lang in LANGUAGES:
        common = len(_COMMON[lang].split())
        tables += [_zipf(0, common, 3), _zipf(common, WORDS, 40)]
    return Pieces(
        data=np.frombuffer(b"".join(written), np.uint8),
        starts=np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32),
        sizes=sizes,
        text_sizes=np.array(text_sizes, np.int32),
        table=np.concatenate(tables),
        extra={text: first + place for place, text in enumerate([*phrases, *structure])},
    )
