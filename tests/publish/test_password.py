"""The page's password: stored as a hash in its owner's file, and read or refused with a clear message."""

from pathlib import Path

import pytest
from jupyter_server.auth.security import passwd_check

from shopper_widgets.publish import cli
from shopper_widgets.publish.password import read_password, write_password


def test_a_password_is_kept_as_a_hash_that_its_owner_alone_can_read(tmp_path: Path) -> None:
    path = tmp_path / "page.password"
    path.write_text("an earlier one")
    path.chmod(0o644)
    write_password(path, "open <sesame>")
    assert path.stat().st_mode & 0o077 == 0
    assert "sesame" not in path.read_text()
    assert passwd_check(read_password(path), "open <sesame>")
    assert not passwd_check(read_password(path), "open sesame")


def test_what_is_no_hash_is_refused_and_told_nowhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.password"
    path.write_text("open sesame")
    assert cli.main(["dashboard", "--port", "65431", "--password-file", str(path)]) == 1
    told = capsys.readouterr().err
    assert f"write it with `shopper-widgets password {path}`" in told
    assert "sesame" not in told


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["open sesame", "open sesame!"], "the two passwords differ"),
        (["short", "short"], "must have at least 8 characters; this one has 5"),
        (["open sesame", "open sesame"], ""),
    ],
)
def test_the_command_asks_twice(
    typed: list[str],
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = iter(typed)
    monkeypatch.setattr("getpass.getpass", lambda _: next(answers))
    path = tmp_path / "page.password"
    assert cli.main(["password", str(path)]) == (1 if told else 0)
    assert told in capsys.readouterr().err
    assert path.exists() is not bool(told)
