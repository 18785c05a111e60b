"""Build SVG text: escaped elements, short numbers, positions in per cent, and the marks every picture shares.

Pictures whose axes stretch with the page use no `viewBox`: across, positions are per cent of the picture's own width;
down, they are pixels.  Text, marks and line widths then keep their size from a telephone to a wall.  `MARKS` holds
each mark once, centred on (0, 0); pictures refer to them with `use`.
"""

from markupsafe import Markup, escape

Attr = str | float | int | None

# Shape first, colour second: each mark is told apart in grey.  `fill="currentColor"` takes the class's colour.
_SHAPES: dict[str, str] = {
    "round": '<circle r="5" fill="currentColor"/>',
    "round-o": '<circle r="4.2" fill="var(--bg)" stroke="currentColor" stroke-width="1.6"/>',
    "square": '<rect x="-4.6" y="-4.6" width="9.2" height="9.2" fill="currentColor"/>',
    "square-o": '<rect x="-4" y="-4" width="8" height="8" fill="var(--bg)" stroke="currentColor" stroke-width="1.6"/>',
    "both": '<path d="M0-5a5 5 0 0 0 0 10z" fill="var(--nato)"/><path d="M.6-4.7h4.5v9.4H.6z" fill="var(--russia)"/>',
    "both-o": (
        '<path d="M-.4-4.2a4.2 4.2 0 0 0 0 8.4z" fill="var(--bg)" stroke="var(--nato)" stroke-width="1.6"/>'
        '<path d="M1-4.1h3.6v8.2H1z" fill="var(--bg)" stroke="var(--russia)" stroke-width="1.6"/>'
    ),
    "star": '<path d="M0-6.5V6.5M-6.5 0H6.5M-4.6-4.6 4.6 4.6M4.6-4.6-4.6 4.6" stroke="var(--hit)" stroke-width="2"/>',
    "cross": '<path d="M-5-5 5 5M5-5-5 5" stroke="var(--leak)" stroke-width="3"/>',
    "miss": (
        '<circle r="4.6" fill="var(--bg)" stroke="var(--miss)" stroke-width="1.5"/>'
        '<path d="M-5 5 5-5" stroke="var(--miss)" stroke-width="1.5"/>'
    ),
    "waste": (
        '<circle r="4.6" fill="var(--bg)" stroke="var(--miss)" stroke-width="1.5"/>'
        '<path d="M-2.6 0h5.2" stroke="var(--miss)" stroke-width="1.5"/>'
    ),
    "forgone": (
        '<circle r="5.4" fill="var(--bg)" stroke="var(--forgone)" stroke-width="1.6" stroke-dasharray="2.6 2"/>'
    ),
    "diamond": '<path d="M0-6.4 6.4 0 0 6.4-6.4 0z" fill="currentColor" stroke="var(--bg)" stroke-width="1"/>',
    "diamond-o": '<path d="M0-5.6 5.6 0 0 5.6-5.6 0z" fill="var(--bg)" stroke="currentColor" stroke-width="1.6"/>',
    "shot": '<path d="M0-5.2 4.8 3.6H-4.8z" fill="currentColor" stroke="var(--bg)" stroke-width=".8"/>',
    "radar": '<path d="M-5-4a5.6 5.6 0 0 0 10 0M0 1.6V5M-3 5H3" fill="none" stroke="currentColor" stroke-width="1.8"/>',
    "launch": (
        '<circle r="5" fill="var(--bg)" stroke="var(--threat)" stroke-width="1.3" stroke-dasharray="2 1.6"/>'
        '<circle r="1.6" fill="var(--threat)"/>'
    ),
    "dot": '<circle r="2.4" fill="var(--threat)"/>',
    "tip": '<path d="M0 0-6.5-2.6-5.2 0-6.5 2.6z" fill="currentColor"/>',
}
MARKS: tuple[str, ...] = tuple(_SHAPES)


def number(value: float) -> str:
    """Return a coordinate with at most two decimals and no trailing zeros.  *Check* 3.10000 is `3.1`, -0.001 is `0`."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def percent(share: float) -> str:
    """Return a share of the picture's width as a per cent length.  *Check* 0.25 is `25%`."""
    return f"{number(100.0 * share)}%"


def element(name: str, *children: str | Markup, **attributes: Attr) -> Markup:
    """Return `<name ...>children</name>` with everything escaped that is not `Markup` already.

    Attribute names: `class_` is class, `stroke_width` is stroke-width; None leaves an attribute out.
    """
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value if isinstance(value, str) else number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if not children:
        return Markup(f"<{name}{said}/>")
    inside = "".join(escape(child) for child in children)
    return Markup(f"<{name}{said}>{inside}</{name}>")


def join(parts: list[Markup]) -> Markup:
    """Return the parts one after another."""
    return Markup("").join(parts)


def mark(name: str, x: Attr, y: Attr, class_: str | None = None) -> Markup:
    """Return a reference to a shared mark at a place.

    Raises
    ------
    KeyError
        There is no mark of that name.
    """
    if name not in _SHAPES:
        raise KeyError(name)
    return element("use", href=f"#m-{name}", x=x, y=y, class_=class_)


def text(words: str, x: Attr, y: Attr, class_: str | None = None, **attributes: Attr) -> Markup:
    """Return a text element, escaped."""
    return element("text", words, x=x, y=y, class_=class_, **attributes)


def definitions(names: tuple[str, ...] = MARKS) -> Markup:
    """Return the `defs` element with the marks of these names and the hatching of a window that a rule forbids."""
    marks = "".join(f'<g id="m-{name}">{_SHAPES[name]}</g>' for name in names)
    hatch = (
        '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="6" height="6" fill="var(--bg)"/><path d="M0 0V6" stroke="var(--window-line)" stroke-width="2"/>'
        "</pattern>"
    )
    return Markup(f"<defs>{marks}{hatch}</defs>")


def described(title: str, description: str, ident: str) -> tuple[Markup, dict[str, Attr]]:
    """Return the title and description elements of a picture, and the attributes that tie the picture to them."""
    inner = element("title", title, id=f"{ident}-t") + element("desc", description, id=f"{ident}-d")
    return inner, {"role": "img", "aria_labelledby": f"{ident}-t {ident}-d"}
