"""Files that visitors upload."""

from shopper_widgets._support.locale import in_locale
from shopper_widgets.panels.base import BROKEN
from shopper_widgets.panels.upload import Upload


class Listener:
    said = ""

    def say(self, text: str) -> None:
        self.said = text


def test_a_file_comes_from_the_browser_with_its_name() -> None:
    taken: list[str] = []
    upload = Upload(Listener(), "Load", ".csv", taken.append, "can't be read")
    upload._on_file(upload, {"name": "list.csv"}, [memoryview(b"\xef\xbb\xbfid")])
    assert taken == ["id"]
    upload._on_file(upload, {"name": "list.csv"}, [])
    upload._on_file(upload, {"name": 7}, [memoryview(b"id")])
    assert taken == ["id"]


def test_a_refusal_names_the_file_and_an_error_keeps_to_itself() -> None:
    def refuse(text: str) -> None:
        raise ValueError("It lacks product_id.") if text == "x" else RuntimeError("sesame")

    listener = Listener()
    upload = Upload(listener, "Load", ".csv", refuse, "can't be read")
    upload.receive("a.csv", b"x")
    assert listener.said == "a.csv can't be read. It lacks product_id."
    upload.receive("a.csv", b"y")
    assert listener.said == BROKEN


def test_a_refusal_is_told_in_the_language_that_it_was_made_in() -> None:
    listener = Listener()
    with in_locale("de"):
        upload = Upload(listener, "Laden", ".csv", str, "wurde nicht gelesen")
    upload.receive("a.csv", b"PK\x03\x04\x00")
    assert listener.said == "a.csv wurde nicht gelesen. Das ist keine Textdatei."


def test_what_a_spreadsheet_wrote_in_another_encoding_is_text_too() -> None:
    taken: list[str] = []
    upload = Upload(Listener(), "Load", ".csv", taken.append, "can't be read")
    for encoding in ("utf-8-sig", "cp1252", "utf-16"):
        upload.receive("a.csv", "Größe;Tür".encode(encoding))
    assert taken == ["Größe;Tür"] * 3
