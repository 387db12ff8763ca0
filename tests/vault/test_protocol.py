"""Sizes, cuts and settings: the arithmetic that an upload of any size stands on."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.config import VaultConfig
from vault.errors import Misconfigured, PartRejected
from vault.protocol import LARGEST_OBJECT, MIB, MOST_PARTS, SMALLEST_PART, Upload, part_size_for

FOLDER: dict[str, Any] = {"BACKEND": "folder", "FOLDER": "/x", "SIGNING_KEY": b"k", "PUBLIC_URL": "http://localhost"}


@given(size=st.integers(1, LARGEST_OBJECT))
def test_any_size_is_cut_into_parts_that_s3_takes(size: int) -> None:
    upload = Upload("k", "u", size, part_size_for(size))
    assert upload.part_count <= MOST_PARTS
    assert upload.part_size >= SMALLEST_PART
    assert upload.part_size % MIB == 0
    lengths = upload.part_size * (upload.part_count - 1) + upload.length_of(upload.part_count)
    assert lengths == size
    assert 1 <= upload.length_of(upload.part_count) <= upload.part_size


@pytest.mark.parametrize("number", [0, -1, 3])
def test_there_is_no_part_beyond_the_last(number: int) -> None:
    with pytest.raises(PartRejected, match="There is no part"):
        Upload("k", "u", 16 * MIB, 8 * MIB).length_of(number)


def test_200_gb_stay_within_the_limit_of_parts() -> None:
    size = 200 * 1000**3
    assert -(-size // part_size_for(size)) <= 4000


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"BACKEND": "ftp"}, "BACKEND"),
        ({"FOLDER": ""}, "FOLDER"),
        ({"SIGNING_KEY": None}, "SIGNING_KEY"),
        ({"PUBLIC_URL": ""}, "PUBLIC_URL"),
        ({"BACKEND": "s3", "S3_BUCKET": "b", "S3_ACCESS_KEY": "a"}, "S3_SECRET_KEY"),
    ],
)
def test_incomplete_settings_say_what_is_missing(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(Misconfigured, match=named):
        VaultConfig.from_mapping(FOLDER | changes)


def test_the_origin_is_scheme_host_and_port() -> None:
    assert VaultConfig.from_mapping(FOLDER | {"PUBLIC_URL": "https://e.example:8443/x/"}).public_origin == (
        "https://e.example:8443"
    )
