"""Errors, by who must act: the author of a file, we, the other complex, a person.

Every message says what was being done, what was expected, what was found, where, and the likely next step.
"""


class DiptychError(Exception):
    """Base of everything Diptych raises on purpose."""


class ScenarioError(DiptychError):
    """The author of a scenario, arrangement or catalogue file must act."""


class LocalError(DiptychError):
    """We must act: a bug, a broken installation, a damaged run directory."""


class RemoteError(DiptychError):
    """The other complex sent something that cannot be used."""


class AuthorityError(DiptychError):
    """A person with the right role must act."""
