from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from server.security.ids import new_id, new_secret_id


def test_records_sort_by_the_moment_they_were_made() -> None:
    ids = [new_id() for _ in range(10_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)


def test_threads_get_different_ids() -> None:
    with ThreadPoolExecutor(4) as pool:
        ids = [
            i for made in pool.map(lambda _: [new_id() for _ in range(500)], range(8)) for i in made
        ]
    assert len(set(ids)) == len(ids)


def test_a_record_id_is_a_uuid7_of_now() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid.UUID(new_id())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000 + 1


def test_a_secret_id_is_a_uuid4() -> None:
    made = uuid.UUID(new_secret_id())
    assert (made.version, made.variant) == (4, uuid.RFC_4122)
    assert new_secret_id() != new_secret_id()
