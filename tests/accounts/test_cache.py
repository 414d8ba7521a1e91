"""The cache of the rate limits keeps to Django's contract, and reads nothing but data."""

from __future__ import annotations

import base64
import pickle

import pytest
from django.core.cache import cache
from django.utils import timezone

from weerbaar.accounts.models import CacheRow


def test_what_is_set_can_be_got_until_it_expires():
    cache.set("one", [1.5, 2], timeout=60)
    assert cache.get("one") == [1.5, 2]
    assert cache.get("other", "nothing") == "nothing"
    cache.set("one", "again", timeout=None)
    assert cache.get("one") == "again"
    assert cache.has_key("one")
    cache.set("gone", 1, timeout=0)
    assert cache.get("gone") is None


def test_only_the_first_may_add():
    assert cache.add("lock", True, timeout=60)
    assert not cache.add("lock", False, timeout=60)
    assert cache.get("lock") is True
    CacheRow.objects.update(expires=timezone.now())
    assert cache.add("lock", "second", timeout=60)
    assert cache.get("lock") == "second"


def test_touch_delete_and_clear():
    cache.set("one", 1, timeout=1)
    assert cache.touch("one", 60)
    assert not cache.touch("other", 60)
    assert cache.delete("one")
    assert not cache.delete("one")
    cache.set_many({"a": 1, "b": 2})
    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": 2}
    assert cache.incr("a", 4) == 5
    cache.clear()
    assert not CacheRow.objects.exists()


def test_a_row_written_by_another_zone_runs_no_code():
    class Harm:
        def __reduce__(self):
            return (pytest.fail, ("it ran",))

    cache.set("one", 1)
    CacheRow.objects.update(value=base64.b64encode(pickle.dumps(Harm())).decode())
    with pytest.raises(ValueError):
        cache.get("one")


def test_each_operation_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(4):
        cache.add("one", 1)
        cache.set("one", 2)
        cache.get("one")
        cache.delete("one")
