"""Small words of the sentences; the sentences themselves are tested with comparisons."""

from diptych.study.sentences import _kept


def test_a_share_kept_below_all_is_never_called_all() -> None:
    assert _kept(0.9987) == "over 99 %"
    assert _kept(0.25) == "25 %"
