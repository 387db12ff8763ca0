"""Files changed at random: a sample of `python -m tests.bench.fuzz`."""

from tests.bench import fuzz

CLEAR = {"done", "Encrypted", "NotThatType", "TooLarge", "Damaged", "Crashed", "TimedOut", "OutOfMemory", "OutputTooLarge"}


def test_changed_files_end_in_a_clear_state_and_the_caller_lives() -> None:
    ends = fuzz.fuzz(200)
    assert ends.total() == 200
    assert {end.partition(":")[0].removesuffix(" (the process)") for end in ends} <= CLEAR | {"done before it"}
    assert ends["done"] >= 20  # the changes leave some files whole
