"""The slow and obvious twins that fast code is tested against."""

from cleaner.duplicates import shingles


def kept_for(texts: list[str], *, shingle_size: int, threshold: float) -> list[int | None]:
    """For each text the place of the one it goes for, None if it stays: all pairs, the longest preferred.

    Ties of length go to the earlier text. A text with the normal form of a preferred one goes for what that one goes
    for, or for that one.
    """
    tokens = [shingles.tokens(text) for text in texts]
    sets = [shingles.shingle_hashes(text, shingle_size=shingle_size) for text in texts]
    order = sorted(range(len(texts)), key=lambda i: (-len(tokens[i]), i))
    kept: dict[int, int | None] = {}
    for turn, i in enumerate(order):
        same = [j for j in order[:turn] if tokens[j] == tokens[i] and tokens[i]]
        if same:
            kept[i] = same[0] if kept[same[0]] is None else kept[same[0]]
            continue
        alike = [
            (-shingles.similarity(sets[i], sets[j]), order.index(j), j)
            for j in order[:turn]
            if kept[j] is None and sets[i] and shingles.similarity(sets[i], sets[j]) >= threshold
        ]
        kept[i] = min(alike)[2] if alike else None
    return [kept[i] for i in range(len(texts))]


def best_run(scores: list[int]) -> tuple[int, int] | None:
    """The first and the last place of the run with the largest sum above 0: all runs tried.

    Of several the first that ends, and of those that end there the shortest.
    """
    runs = [(first, last) for last in range(len(scores)) for first in range(last, -1, -1)]
    best = max(runs, key=lambda run: sum(scores[run[0] : run[1] + 1]), default=None)
    return best if best is not None and sum(scores[best[0] : best[1] + 1]) > 0 else None
