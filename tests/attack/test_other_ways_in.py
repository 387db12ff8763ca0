"""Ways round the front door: the cache that all processes share, and what a log line gives away."""

from __future__ import annotations

import logging
import pickle
import sys
from typing import Any

import pytest
from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache
from django.db import IntegrityError, connection

from config.cache import JsonSerializer
from config.logs import Formatter


class Attack:
    """Runs a function where it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return pytest.fail, ("what was in the cache has run",)


def test_nothing_in_the_cache_is_run() -> None:
    with pytest.raises(ValueError):
        JsonSerializer().loads(pickle.dumps(Attack()))


def test_the_cache_of_every_process_is_json() -> None:
    from config.settings import base

    options: dict[str, Any] = dict(base.CACHES["default"])
    assert options["OPTIONS"] == {"serializer": "config.cache.JsonSerializer"}


@pytest.mark.parametrize("value", [7, True, None, "12", "words – ü", [1.5, 2], {"a": {"b": None}}])
def test_plain_data_comes_back_from_the_cache(value: Any) -> None:
    serializer = JsonSerializer()
    written = serializer.dumps(value)
    read = str(written).encode() if isinstance(written, int) else written
    assert serializer.loads(read) == value
    if isinstance(cache, RedisCache):
        cache.set("attack", value, 5)
        assert cache.get("attack") == value


@pytest.mark.django_db
def test_an_error_of_the_database_does_not_quote_the_row_in_the_log() -> None:
    words = ["Mari" + "anne", "Thistle" + "wood"]  # so that the traceback's own lines don't hold them
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE witnesses (name text, age int CHECK (age > 0))")
        try:
            cursor.execute("INSERT INTO witnesses VALUES (%s, -1)", ["\n".join(words)])
        except IntegrityError:
            error = sys.exc_info()
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Internal Server Error", (), error)
    line = Formatter().format(record)
    assert not any(word in line for word in words)
    assert "DETAIL: (left out)" in line
    assert "violates check constraint" in line
