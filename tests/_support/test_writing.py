"""Results appear whole or not at all; the second of two writers waits or gets an error."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from shopper_widgets._support import writing
from shopper_widgets._support.writing import (
    exchange,
    move_into_place,
    only_writer,
    put_back,
    scratch_beside,
    write_whole,
)


def run(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    write_whole(place, "grün\r\n")
    assert place.read_bytes() == "grün\r\n".encode()
    place.chmod(0o641)
    write_whole(place, b"two")
    assert place.read_bytes() == b"two"
    assert place.stat().st_mode & 0o777 == 0o641
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_a_new_file_is_for_whom_the_process_makes_files(tmp_path: Path) -> None:
    umask = os.umask(0o026)
    try:
        write_whole(tmp_path / "report.html", "new")
        assert os.umask(0o026) == 0o026
    finally:
        os.umask(umask)
    assert (tmp_path / "report.html").stat().st_mode & 0o777 == 0o640


def test_a_full_disk_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    place.write_text("old")
    # With a limit on the size of files, writing fails midway, as it does on a full disk.
    code = """
        import resource, signal, sys
        from pathlib import Path
        from shopper_widgets._support.writing import write_whole
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
        try:
            write_whole(Path(sys.argv[1]), "x" * 50_000)
        except OSError as error:
            print(error)
    """
    done = run(code, place)
    assert "it could not be written" in done.stdout
    assert str(place) in done.stdout
    assert place.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    place = tmp_path / "out"
    code = """
        import sys
        from pathlib import Path
        from shopper_widgets._support.writing import only_writer
        try:
            with only_writer(Path(sys.argv[1]), seconds=0):
                print("mine")
        except FileExistsError as error:
            print(error)
    """
    with only_writer(place):
        assert "is being written by another process. Wait until" in run(code, place).stdout
    assert run(code, place).stdout == "mine\n"


def test_a_killed_writer_holds_nothing(tmp_path: Path) -> None:
    place = tmp_path / "out"
    code = """
        import os, signal, sys
        from pathlib import Path
        from shopper_widgets._support.writing import only_writer, scratch_beside
        with only_writer(Path(sys.argv[1])), scratch_beside(Path(sys.argv[1])) as scratch:
            (scratch / "copy").write_text("customers")
            os.kill(os.getpid(), signal.SIGKILL)
    """
    run(code, place)
    assert [p.is_dir() for p in writing.unfinished(place)] == [True]
    with only_writer(place, seconds=0), scratch_beside(place) as scratch:
        assert writing.unfinished(place) == [scratch]
    assert writing.unfinished(place) == []


def test_other_places_with_a_like_name_are_let_be(tmp_path: Path) -> None:
    place, like = tmp_path / "model", tmp_path / ".models.unfinished-1"
    like.mkdir()
    (tmp_path / ".model.unfinished-1").touch()  # not a writer's folder, and no reason to fail
    with only_writer(place), scratch_beside(place):
        pass
    assert like.is_dir()


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="only these exchange in one step")
@pytest.mark.parametrize("relative", [False, True])
def test_folders_change_places_in_one_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, relative: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    one, other = (Path(name) if relative else tmp_path / name for name in ("one", "other"))
    for folder in (one, other):
        folder.mkdir()
        (folder / folder.name).touch()
    assert exchange(one, other)
    assert (one / "other").exists()
    assert (other / "one").exists()
    assert not exchange(one, tmp_path / "nowhere")


def test_an_old_c_library_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda _: object())
    assert not exchange(tmp_path, tmp_path)


@pytest.mark.parametrize("platform", [sys.platform, "win32"])
def test_a_folder_moves_into_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)  # one of these cannot swap two folders in one step
    place = tmp_path / "model"
    for content in ("first", "second"):
        with scratch_beside(place) as scratch:
            (scratch / "new").mkdir()
            (scratch / "new" / content).touch()
            move_into_place(scratch / "new", place)
        assert [p.name for p in place.iterdir()] == [content]


def test_a_move_that_was_cut_short_is_undone(tmp_path: Path) -> None:
    place = tmp_path / "model"
    old = tmp_path / ".model.unfinished-1" / "old"
    old.mkdir(parents=True)
    (old / "manifest.json").touch()
    (tmp_path / ".model.unfinished-0").mkdir()  # left by a writer that was interrupted before the swap
    put_back(place)
    assert (place / "manifest.json").exists()
    old.mkdir()  # left by a writer that was interrupted after it
    (old / "older.json").touch()
    put_back(place)
    assert [p.name for p in place.iterdir()] == ["manifest.json"]


def test_a_move_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    place = tmp_path / "model"
    place.mkdir()
    (place / "manifest.json").touch()
    with pytest.raises(FileNotFoundError):
        move_into_place(tmp_path / "nothing", place)
    assert [p.name for p in place.iterdir()] == ["manifest.json"]


def test_a_link_stays_one_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    target, link = tmp_path / "there" / "report.html", tmp_path / "report.html"
    target.parent.mkdir()
    target.write_text("old")
    link.symlink_to(target)
    write_whole(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_long_name_is_written_and_a_missing_folder_is_told_of_the_file(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 250)
    write_whole(long, "new")
    assert long.read_text() == "new"
    with pytest.raises(OSError, match="could not be written") as caught:
        write_whole(tmp_path / "nowhere" / "report.html", "new")
    assert caught.value.filename == str(tmp_path / "nowhere" / "report.html")
