"""Inputs on which tools of this kind die: endless copies, one template, one huge text, tiny texts, scripts, pages."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

import numpy as np

from benchmarks import measure
from benchmarks.words import LANGUAGES, vocabulary

Texts = Iterator[str]

_HAN: Final = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种"
    "面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本"
    "去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比"
    "或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总"
    "次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做"
    "必战先回则任取据处"
)
_ARABIC_WORDS: Final = (
    "من في على إلى هذا التي كان مع بعد قال عن أن ما لم "
    "هو هي بين كل قبل حتى منذ أكثر مدينة ميناء صحيفة رئيس مجلس سكان "
    "شارع بحر جبل وادي سوق مدرسة طريق جسر ماء نهر قرية شركة عمال سنة "
    "يوم صباح مساء أمس غدا جديد قديم كبير صغير طويل قصير أول ثان ثالث "
    "رابع وزير محكمة قاض شرطة مستشفى طبيب مزارع صياد سفينة قطار مطار حافلة"
)
_ARABIC: Final = tuple(_ARABIC_WORDS.split())


def _sentences(random: np.random.Generator, words: Sequence[str], count: int) -> str:
    picks = random.integers(0, len(words), (count, 18))
    return " ".join(" ".join(words[pick] for pick in row).capitalize() + "." for row in picks)


def _identical(docs: int) -> Texts:
    random = np.random.Generator(np.random.PCG64(1))
    text = "\n\n".join(_sentences(random, vocabulary(LANGUAGES[0])[:5_000], 4) for _ in range(4))
    return (text for _ in range(docs))


def _template(docs: int) -> Texts:
    random = np.random.Generator(np.random.PCG64(2))
    words = vocabulary(LANGUAGES[1])[:5_000]
    parts = [_sentences(random, words, 1)[:-1] for _ in range(12)]
    facts = random.integers(0, 1_000_000, (docs, 12))
    return (" ".join(f"{part} {fact}." for part, fact in zip(parts, row, strict=True)) for row in facts.tolist())


def _huge(size: int) -> Texts:
    random = np.random.Generator(np.random.PCG64(3))
    words = np.array(vocabulary(LANGUAGES[0]))
    count = size // 9
    lines = words[random.integers(0, len(words), (count // 40 + 1, 40))]
    return iter(["\n".join(" ".join(line) + "." for line in lines.tolist())])


def _one_line(docs: int) -> Texts:
    random = np.random.Generator(np.random.PCG64(4))
    words = vocabulary(LANGUAGES[1])[:8_000]
    picks = random.integers(0, len(words), (docs, 12))
    return (" ".join(words[pick] for pick in row) + "." for row in picks.tolist())


def _chinese(docs: int) -> Texts:
    random = np.random.Generator(np.random.PCG64(5))
    picks = random.integers(0, len(_HAN), (docs, 20, 40))
    return ("\n\n".join("".join(_HAN[pick] for pick in line) + "。" for line in text) for text in picks.tolist())


def _arabic(docs: int) -> Texts:
    random = np.random.Generator(np.random.PCG64(6))
    picks = random.integers(0, len(_ARABIC), (docs, 12, 30))
    return ("\n\n".join(" ".join(_ARABIC[pick] for pick in line) + "." for line in text) for text in picks.tolist())


def _pages(docs: int) -> Texts:
    """Menus, an article and menus again, as programs that make text of whole pages leave them."""
    random = np.random.Generator(np.random.PCG64(7))
    words = vocabulary(LANGUAGES[1])[:20_000]
    for picks in random.integers(0, len(words), (docs, 240)).tolist():
        menu = [f"  * {words[pick].capitalize()} {words[pick // 2]}" for pick in picks]
        article = [_sentences(random, words, 4) for _ in range(9)]
        title = " ".join(words[pick] for pick in picks[:9]).capitalize()
        yield "\n".join([*menu[:90], "Subscribe to our newsletter", title, "", *article, "Leave a Reply", *menu[90:]])


def _wrapped(docs: int) -> Texts:
    """Texts of lines of seventy characters, none of which ends as a paragraph does."""
    random = np.random.Generator(np.random.PCG64(8))
    words = vocabulary(LANGUAGES[1])[:20_000]
    return ("\n".join(wrap(_sentences(random, words, 20), 70)) for _ in range(docs))


CORNERS: Final[dict[str, tuple[Callable[[int], Texts], int, int]]] = {
    "200 thousand identical documents": (_identical, 200_000, 2_000),
    "50 thousand documents of one template": (_template, 50_000, 1_000),
    "one document of 20 MB": (_huge, 20_000_000, 200_000),
    "a million documents of one line": (_one_line, 1_000_000, 10_000),
    "20 thousand documents in Chinese": (_chinese, 20_000, 500),
    "20 thousand documents in Arabic": (_arabic, 20_000, 500),
    "5 thousand whole pages as text": (_pages, 5_000, 200),
    "20 thousand documents of wrapped lines": (_wrapped, 20_000, 500),
}
"""Each corner: its texts, how many or how large, and how many when a quick look is wanted."""


def write(texts: Texts, path: Path) -> int:
    """Write texts as lines of JSON; tells how many there were."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for count, text in enumerate(texts, 1):
            file.write(json.dumps({"id": f"{count:08}", "text": text}, ensure_ascii=False) + "\n")
    return count


def run(work: Path, *, small: bool = False) -> dict[str, Any]:
    """Each corner once in a fresh process: its time, its memory, what was kept, or how it failed."""
    rows = []
    for turn, (name, (texts, full, little)) in enumerate(CORNERS.items()):
        path = work / "corners" / f"{turn}-{'small' if small else 'full'}.jsonl"
        docs = write(texts(little if small else full), path)
        row: dict[str, Any] = {"corner": name, "docs": docs, "bytes": path.stat().st_size}
        try:
            found = measure.in_child("whole", texts=str(path), output=str(work / "corner"), turns=1)
        except measure.ChildError as error:
            rows.append({**row, "failed": error.reason})
            continue
        facts = {key: found[key] for key in ("kept", "candidates", "large_buckets", "peak_bytes", "wall")}
        times = measure.spread(found["seconds"], docs=docs, size=row["bytes"])
        rows.append({**row, **times, **facts, "stages": found["stages"][0]})
        print(f"{name}: {times['seconds']:.1f} s, {found['peak_bytes'] / 1e6:.0f} MB, {found['kept']} kept")
        path.unlink()
    return {**measure.about("corners", None), "rows": rows}
