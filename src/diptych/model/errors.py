"""Errors, by who must act: the author of a file, we, the other complex, a person.

Every message says what was being done, what was expected, what was found, where, and the likely next step.
"""

import msgspec


class DiptychError(Exception):
    """Base of everything Diptych raises on purpose."""


class Problem(msgspec.Struct, frozen=True, order=True):
    """One thing wrong with a file people write: where it stands (line, column from 1), which key, what and what next.

    `text` says what was expected, what was found and the next step; `key_path` is "" for the file as a whole; `check`
    is the name under which `diptych lint` lists it.
    """

    file: str
    line: int
    column: int
    key_path: str
    text: str
    check: str = "form"

    def __str__(self) -> str:
        """Return the line a terminal shows, `file:line:column: key.path: text`; editors jump to it."""
        path = f" {self.key_path}:" if self.key_path else ""
        line = f"{self.file}:{self.line}:{self.column}:{path} {self.text}"
        return "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)


class ScenarioError(DiptychError):
    """The author of a scenario, arrangement or catalogue file must act; `problems` are all that were found."""

    def __init__(self, text: str = "", problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(text or "\n".join(str(p) for p in problems))
        self.problems = problems


class LocalError(DiptychError):
    """We must act: a bug, a broken installation, a damaged run directory."""


class RemoteError(DiptychError):
    """The other complex sent something that cannot be used."""


class AuthorityError(DiptychError):
    """A person with the right role must act."""
