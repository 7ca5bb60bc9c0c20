"""Secrets that people make up are distinguished from random or long ones."""

from __future__ import annotations

import random
import string

import pytest

from shopper_widgets.model.guessing import guess_digits
from shopper_widgets.model.privacy import FEWEST_GUESS_DIGITS

TYPED = """
    qwertyuiopasdfgh qwertzuiopasdfgh azertyuiopqsdfgh zxcvbnmasdfghjkl poiuytrewqlkjhgf
    йцукенгшщзфывапро 1q2w3e4r5t6y7u8i 1qaz2wsx3edc4rfv qazwsxedcrfvtgby 0987654321qwerty
    abcdefgh12345678 aaaabbbbccccdddd password12345678 P@ssw0rd12345678 passwordpassword1
    Passw0rd!Passw0rd! passwort2024passwort motdepasse123456 1234567812345678 1234567887654321
    abcabcabcabcabcd abcdabcdabcdabce 0102030401020304 12121212123434343434 letmeinletmein1234
    changemechangeme1 iloveyouforever1 administrator123 mySecretKey12345 geheim1234567890
    Sommer2024Sommer2024! 2024-01-012024-01-02 shopper-spectrum-key customer-id-secret monkeydragonlove
    secretsecret1234 testtesttest2024 admin@admin12345
"""
KEPT = [
    "our cat eats blue stamps",
    "only the shop knows this",
    "Der Igel trinkt nachts Kakao",
    "корова любит зелёный чай",
    "horse staple battery correct umbrella",
    "vier!lampen?und-ein.schrank",
]


@pytest.mark.parametrize("secret", TYPED.split())
def test_secrets_of_lists_keyboards_and_repetitions_are_soon_guessed(secret: str) -> None:
    assert guess_digits(secret) < FEWEST_GUESS_DIGITS


@pytest.mark.parametrize("secret", KEPT)
def test_long_phrases_of_ones_own_are_not(secret: str) -> None:
    assert guess_digits(secret) >= FEWEST_GUESS_DIGITS + 4


def test_what_is_drawn_at_random_is_not() -> None:
    draw = random.Random(0)
    letters = string.ascii_letters + string.digits
    for _ in range(300):
        for secret in (
            draw.randbytes(16).hex(),
            str(draw.getrandbits(128)),
            "".join(draw.choices(letters, k=20)),
            draw.randbytes(16).decode("latin-1"),
        ):
            assert guess_digits(secret) >= FEWEST_GUESS_DIGITS, secret
