"""Waiting for a place on the page: in turn, without visitors who left, and with limited memory."""

import time
from pathlib import Path

import pytest

from shopper_widgets._support.locale import in_locale
from shopper_widgets.publish import waiting
from shopper_widgets.publish.waiting import (
    GONE_SECONDS,
    MOST_WAITING,
    SPARE_BYTES,
    WaitingRoom,
    available_memory,
    page,
    room_in_memory,
    waiting_words,
)


def test_places_are_given_in_turn_and_who_leaves_loses_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    room = WaitingRoom()
    assert room.place("", free=1) == ("", 0)
    (first, one), (second, two), (third, three) = (room.place("", free=0) for _ in range(3))
    assert (one, two, three) == (1, 2, 3)
    assert len({first, second, third}) == 3
    # A single place goes to the first in line, not to those who ask sooner or have just come.
    assert room.place(third, free=1) == (third, 3)
    assert room.place("", free=1)[1] == 4
    assert room.place("a ticket that nobody has", free=1)[1] == 5
    assert room.place(first, free=1) == (first, 0)
    now += GONE_SECONDS - 1
    room.place(third, free=0)
    now += 1
    assert room.place(third, free=1) == (third, 0)  # the second no longer asks
    assert room.place(second, free=0)[1] == 1


def test_there_is_an_end_to_those_who_wait() -> None:
    room = WaitingRoom()
    for _ in range(MOST_WAITING):
        assert room.place("", free=0)[0]
    assert room.place("", free=0) == ("", MOST_WAITING + 1)


def test_what_is_said_names_the_place() -> None:
    assert "you are next in line" in waiting_words(1)
    assert "you are number 1,000 in line" in waiting_words(1000)


def test_memory_is_that_of_the_container_where_that_is_less(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    machine = available_memory(tmp_path)
    assert machine > 2**20
    (tmp_path / "memory.current").write_text("1048576\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert available_memory(tmp_path) == pytest.approx(machine, rel=0.5)
    (tmp_path / "memory.max").write_text("2097152\n")
    assert available_memory(tmp_path) == 2**20
    monkeypatch.setattr(waiting, "available_memory", lambda: SPARE_BYTES + 250)
    assert room_in_memory(100) == 2
    assert room_in_memory(100, SPARE_BYTES / 2) == 0


def test_who_waits_is_told_in_the_language_of_the_page() -> None:
    with in_locale("de"):
        assert waiting_words(1).startswith("Alle Plätze sind belegt; dieser Tab ist der nächste")
        assert "Nummer 1.000 in der Reihe" in waiting_words(1000)
        assert '<html lang="de">' in page("")
    assert '<html lang="en">' in page("")
