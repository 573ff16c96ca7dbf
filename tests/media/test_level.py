"""Who speaks and which microphone is dead, from levels alone, a tenth of a second at a time."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from signaling.media.level import DEAD_S, HANGOVER_S, Level
from signaling.media.member import Member
from signaling.media.speakers import ranked

TENTH = 0.1
SILENCE = 127


class Microphone:
    """A level that is told what it hears, five frames a tenth."""

    def __init__(self) -> None:
        self.now = 100.0
        self.level = Level(self.now)
        self.packet_at = 0.0

    def hears(
        self, decibels: Iterable[float], packets: int = 5, *, told: bool = True
    ) -> list[bool]:
        """Whether it spoke, after each tenth; below -127 there is nothing."""
        spoke = []
        for loud in decibels:
            self.now += TENTH
            if packets:
                self.packet_at = self.now
            byte = min(127, round(-loud))
            frames = bytes([0x80 | byte] * packets)
            self.level.hear(frames if told else None, self.packet_at, self.now)
            spoke.append(self.level.speaking)
        return spoke


def seconds(number: float) -> range:
    return range(round(number / TENTH))


@pytest.mark.parametrize("loud", [-15, -30, -40])
def test_who_begins_to_speak_does_so_within_three_tenths_and_ends_after_the_hangover(
    loud: float,
) -> None:
    microphone = Microphone()
    assert not any(microphone.hears([-127] * 20))
    begun = microphone.hears([loud] * 20)
    assert begun.index(True) <= 2
    assert all(begun[2:])
    ended = microphone.hears([-127] * 20)
    assert HANGOVER_S / TENTH - 1 <= ended.index(False) <= HANGOVER_S / TENTH + 5
    assert not any(ended[ended.index(False) :])


def test_a_click_is_no_speech() -> None:
    microphone = Microphone()
    microphone.hears([-127] * 20)
    assert not any(microphone.hears([-35, *[-127] * 20] * 5))


def test_a_breath_between_words_does_not_end_it() -> None:
    microphone = Microphone()
    microphone.hears([-25] * 5)
    assert all(microphone.hears([-127, -127, -127, -25, -25, -30, -90, -127, -127] * 40))


def test_a_fan_is_taken_for_noise_after_some_seconds_and_a_voice_beside_it_is_heard() -> None:
    pick = random.Random(5)
    microphone = Microphone()
    fan = [-46 + pick.uniform(-2, 2) for _ in seconds(30)]
    assert not any(microphone.hears(fan)[150:])
    assert microphone.hears([-25] * 3)[-1]
    assert not any(microphone.hears(fan)[15:])


def test_somebody_who_speaks_for_minutes_is_not_taken_for_noise() -> None:
    pick = random.Random(6)
    microphone = Microphone()
    words = [pick.choice((-20, -25, -32, -60)) for _ in seconds(300)]
    assert all(microphone.hears(words)[5:])
    assert all(microphone.hears([-30] * 600))


def test_a_quiet_room_is_no_speech_and_packets_without_levels_neither() -> None:
    pick = random.Random(7)
    assert not any(Microphone().hears([-58 + pick.uniform(-4, 4) for _ in seconds(60)]))
    assert not any(Microphone().hears([-10] * 100, told=False))


def dead_after(microphone: Microphone, decibels: float, packets: int, *, told: bool = True) -> int:
    """Tenths until it seems dead, or -1 when it does not within two minutes."""
    for number in seconds(120):
        microphone.hears([decibels], packets, told=told)
        if microphone.level.dead:
            return number
    return -1


IN_TIME = pytest.approx(DEAD_S / TENTH, abs=2)


def test_a_microphone_in_which_nothing_was_ever_heard_is_dead_until_something_is() -> None:
    for decibels, packets in ((-127, 5), (-127, 0), (-70, 5)):
        microphone = Microphone()
        assert dead_after(microphone, decibels, packets) == IN_TIME
        microphone.hears([-40])
        assert not microphone.level.dead


def test_who_was_heard_once_and_listens_has_no_dead_microphone() -> None:
    microphone = Microphone()
    microphone.hears([-40])
    assert dead_after(microphone, -127, 1) == -1


def test_without_packets_it_is_dead_whatever_was_heard_before() -> None:
    microphone = Microphone()
    microphone.hears([-20] * 50)
    assert dead_after(microphone, -127, 0) == IN_TIME
    microphone.hears([-127], 1)
    assert not microphone.level.dead


def test_from_a_browser_without_levels_only_missing_packets_are_known() -> None:
    assert dead_after(Microphone(), -127, 5, told=False) == -1
    assert dead_after(Microphone(), -127, 0, told=False) == IN_TIME


def speaker(seat: str, loudness: float) -> Member:
    member = Member(seat)
    member.level = Level(0.0)
    member.level.loudness = loudness
    return member


def test_the_loudest_comes_first_but_only_who_is_clearly_louder_passes() -> None:
    a, b, c = speaker("a", -30), speaker("b", -27), speaker("c", -20)
    assert ranked([], [a, b, c]) == [c, a, b]
    assert ranked([a, b], [a, b]) == [a, b]
    b.level, a.level = a.level, b.level
    assert ranked([a, b], [a, b]) == [a, b]
    assert ranked([a, b, c], [b, c]) == [c, b]
    assert ranked([c, a], [a]) == [a]
