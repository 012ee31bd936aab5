"""Whose turn it is, and what is known of jobs."""

from __future__ import annotations

import contextlib
import itertools
import string
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.server.turns import Known, Turns
from tests.server.serving import path_of, serving


def test_each_client_has_its_turn_however_many_another_has_waiting() -> None:
    turns: Turns[str] = Turns()
    for client, item in [("a", "a1"), ("a", "a2"), ("a", "a3"), ("b", "b1"), ("c", "c1"), ("b", "b2")]:
        turns.append(client, item)
    turns.remove("a", "a2")
    turns.remove("a", "not there")
    turns.remove("nobody", "a1")
    assert len(turns) == 5
    assert [turns.popleft() for _ in range(5)] == ["a1", "b1", "c1", "a3", "b2"]
    with pytest.raises(KeyError):
        turns.popleft()


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans())))
def test_nothing_that_waits_is_lost_and_the_count_is_right(steps: list[tuple[str, bool]]) -> None:
    turns: Turns[int] = Turns()
    held: dict[str, list[int]] = {"a": [], "b": [], "c": []}
    for number, (client, put) in enumerate(steps):
        if put:
            turns.append(client, number)
            held[client].append(number)
        elif held[client]:
            turns.remove(client, held[client].pop())
        assert len(turns) == sum(map(len, held.values()))
    taken = [turns.popleft() for _ in range(len(turns))]
    assert sorted(taken) == sorted(itertools.chain(*held.values()))
    for numbers in held.values():
        # Of one client, in the order they came.
        assert [number for number in taken if number in numbers] == numbers


def test_what_was_long_once_is_no_longer_taken_to_be_quick() -> None:
    known = Known()
    known.was_quick(1)
    assert known.is_quick(1)
    known.was_long(1)
    assert known.is_long(1)
    assert not known.is_quick(1)
    for key in range(2, 5000):
        known.was_quick(key)
    assert not known.is_quick(2)
    assert known.is_quick(4999)


def test_long_queries_of_ever_other_text_leave_room_for_what_is_known() -> None:
    letters = itertools.product(string.ascii_lowercase, repeat=3)
    look_up = path_of("SELECT ?t { incident:I00100 kg:usesTechnique ?t }")
    with serving("--timeout", "4", "--no-log", "--workers", "4") as server:
        assert server.ask(look_up).status == 200
        stop = threading.Event()

        def attack() -> None:
            while not stop.is_set():
                name = "".join(next(letters))
                query = f"SELECT (COUNT(*) AS ?{name}) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }}"
                with contextlib.suppress(OSError):
                    server.ask(path_of(query), timeout=20)

        attackers = [threading.Thread(target=attack, daemon=True) for _ in range(24)]
        for thread in attackers:
            thread.start()
        time.sleep(1)
        times = []
        for _ in range(30):
            began = time.monotonic()
            assert server.ask(look_up).status == 200
            times.append(time.monotonic() - began)
        stop.set()
        for thread in attackers:
            thread.join(30)
        # In one queue with all the others each would wait for some two seconds.
        assert sorted(times)[len(times) * 9 // 10] < 1
