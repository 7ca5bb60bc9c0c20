"""Programs that tests need are installed, or reported if they can't be; CI must have all."""

import pytest

from tests import get_programs


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_postgresql_that_cannot_be_had(monkeypatch, capsys, ci, status):
    asked: list[str] = []
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(get_programs, "postgresql_programs", lambda: None)
    monkeypatch.setattr(get_programs, "from_apt", asked.append)
    assert get_programs.main(["postgresql"]) == status
    assert asked == ["postgresql"]
    assert "apt install postgresql; on macOS, brew install postgresql@17" in capsys.readouterr().err


@pytest.mark.parametrize("ci", ["", "true"])
def test_java_that_cannot_be_had(monkeypatch, capsys, ci):
    asked: list[str] = []
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(get_programs, "runs", lambda *command: False)
    monkeypatch.setattr(get_programs, "from_apt", asked.append)
    assert get_programs.main(["java"]) == 1
    assert asked == ["default-jre-headless"]
    assert "apt install default-jre-headless; on macOS, brew install openjdk" in capsys.readouterr().err


def test_the_newest_postgresql_is_found_outside_the_path(monkeypatch, tmp_path):
    for version in ("9.6", "15", "17"):
        (tmp_path / version / "bin").mkdir(parents=True)
    monkeypatch.setattr(get_programs, "POSTGRESQL", tmp_path)
    assert get_programs.postgresql_programs() == tmp_path / "17" / "bin"
