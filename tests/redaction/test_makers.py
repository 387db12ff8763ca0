"""PDFs of many makers: a sample of `python -m tests.bench.makers`."""

from tests.bench import makers


def test_nothing_leaks_whoever_made_the_file_and_what_stays_can_be_extracted() -> None:
    for name, tally in makers.measure(1).items():
        assert (name, tally.files, tally.leaks, tally.refused) == (name, 1, 0, [])
        assert tally.extracted >= 0.98 * tally.stay, name
