"""The list of statuses."""

from diptych.kernels import status


def test_every_status_has_its_own_number_and_a_sentence() -> None:
    codes = {name: value for name, value in vars(status).items() if name.isupper() and isinstance(value, int)}
    assert len(set(codes.values())) == len(codes)
    assert set(codes.values()) == set(status.MEANINGS)


def test_an_unknown_status_says_so() -> None:
    assert status.meaning(status.TOO_FAR) == "the aim point is beyond the reach of the vehicle"
    assert status.meaning(999) == "unknown kernel status 999"
