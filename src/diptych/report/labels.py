"""Place labels so that none covers another or a mark: by priority, first free position wins, none free hides it.

Widths are estimated from the number of characters of a sans serif; the estimate is on the wide side, so a label may
be hidden that would have fitted, and two never overlap.
"""

import msgspec

Box = tuple[float, float, float, float]
_WIDE, _NARROW = frozenset("mwMWGOQ%@—…"), frozenset("iIljtfr.,:;'|!()[] 1·-")


def text_width_px(words: str, size_px: float = 12.0, *, is_bold: bool = False) -> float:
    """Return an estimate of a line's width.  *Check* `Bucharest` at 12 px: 9 ordinary letters, about 58 px."""
    units = sum(0.88 if c in _WIDE else 0.34 if c in _NARROW else 0.585 for c in words)
    return size_px * units * (1.07 if is_bold else 1.0)


class Wanted(msgspec.Struct, frozen=True):
    """A label that asks for a place: words, anchor point, priority (smaller first), gap to the anchor, size, weight.

    `sides` lists the positions tried, in order: `e`ast, `w`est, `n`orth, `s`outh, corners such as `ne`, and, starting
    at the point, `t` on top, `b` below, `bb` a line further below.  `short` is tried where `words` find no room.
    """

    words: str
    x: float
    y: float
    priority: float = 0.0
    gap: float = 8.0
    size_px: float = 12.0
    is_bold: bool = False
    sides: tuple[str, ...] = ("e", "w", "n", "s", "ne", "nw", "se", "sw")
    short: str = ""


class Placed(msgspec.Struct, frozen=True):
    """Where a label went: offset of its text anchor from the point, `start`, `middle` or `end`, and the words set."""

    dx: float
    dy: float
    anchor: str
    words: str


def box_at(wanted: Wanted, side: str) -> tuple[Box, Placed]:
    """Return the box a label fills on one side of its point, and how to set it there."""
    width = text_width_px(wanted.words, wanted.size_px, is_bold=wanted.is_bold) + 2.0
    height = wanted.size_px * 1.15
    dy = wanted.size_px * 0.35
    gap = wanted.gap
    if side in ("b", "bb", "t"):
        dy = {"b": gap + wanted.size_px * 0.8, "bb": gap + wanted.size_px * 2.0, "t": -gap}[side]
    elif "n" in side:
        dy = -gap if side == "n" else -gap * 0.6
    elif "s" in side:
        dy = gap + wanted.size_px * 0.8 if side == "s" else gap * 0.6 + wanted.size_px * 0.7
    if side in ("b", "bb", "t"):
        left, anchor, dx = -1.0, "start", 0.0
    elif "e" in side:
        left, anchor, dx = gap, "start", gap
    elif "w" in side:
        left, anchor, dx = -gap - width, "end", -gap
    else:
        left, anchor, dx = -width / 2, "middle", 0.0
    top = dy - wanted.size_px * 0.85
    return (
        (wanted.x + left, wanted.y + top, wanted.x + left + width, wanted.y + top + height),
        Placed(dx=dx, dy=dy, anchor=anchor, words=wanted.words),
    )


def overlaps(a: Box, b: Box) -> bool:
    """Say whether two boxes share an area."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def place(variants: list[list[Wanted]], taken: list[list[Box]], frames: list[Box]) -> list[Placed | None]:
    """Return for each label its place, or None where it must stay away.

    A picture that stretches is placed for several widths at once: each variant holds the same labels in the same
    order at one width, with what is `taken` and the frame there; a position must be free in every variant.

    Parameters
    ----------
    variants : one list of labels for each width.
    taken : for each width, boxes no label may touch.
    frames : for each width, the box all labels must stay inside.
    """
    filled = [list(boxes) for boxes in taken]
    count = len(variants[0])
    answer: list[Placed | None] = [None] * count
    for index in sorted(range(count), key=lambda i: (variants[0][i].priority, i)):
        first = variants[0][index]
        for words, side in ((w, s) for w in (first.words, first.short) if w for s in first.sides):
            forms = [msgspec.structs.replace(labels[index], words=words) for labels in variants]
            boxes = [box_at(form, side) for form in forms]
            if all(_free(box, filled[k], frames[k]) for k, (box, _) in enumerate(boxes)):
                for k, (box, _) in enumerate(boxes):
                    filled[k].append(box)
                answer[index] = boxes[0][1]
                break
    return answer


def _free(box: Box, filled: list[Box], frame: Box) -> bool:
    """Say whether a box lies inside a frame and touches nothing."""
    inside = box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]
    return inside and not any(overlaps(box, other) for other in filled)
