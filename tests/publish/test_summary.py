"""The letter is complete in a mail program without style sheets and downloads, and small enough."""

import email
import email.policy
import html
import re
from html.parser import HTMLParser

from shopper_widgets._support.locale import in_locale
from shopper_widgets.customers.headlines import comparable_periods, headlines
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.publish.summary import LARGEST, summary_html, summary_message
from shopper_widgets.words.overview import cards
from shopper_widgets.words.to_do import things_to_do
from tests.panel_contract import HOSTILE, hostile_model


class _Tags(HTMLParser):
    """Tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the tag."""
        self.found.append((tag, dict(attrs)))


def test_a_letter_keeps_to_what_mail_programs_show(small_model: ShopperModel) -> None:
    page = summary_html(small_model, "Mugs & more")
    assert len(page.encode()) < LARGEST
    tags = _Tags(page).found
    names = {tag for tag, _ in tags}
    assert not names & {"style", "script", "link", "svg", "div", "details", "base", "iframe"}
    assert not re.search(r"flex|grid|position:|class=|https?:|var\(", page)
    assert all(told.get("style") for tag, told in tags if tag in {"p", "h1", "h2", "img"})
    pictures = [told for tag, told in tags if tag == "img"]
    assert len(pictures) == 2
    assert all(str(told["src"]).startswith("data:image/png;base64,") and told["alt"] for told in pictures)
    plain = html.unescape(re.sub("<[^>]+>", " ", page))
    told = headlines(small_model, next(iter(comparable_periods(small_model))))
    for card in cards(small_model, told):
        assert card.value in plain and card.change in plain
    for todo in things_to_do(small_model, told):
        assert todo.title in plain and todo.sentence in plain


def test_a_message_has_its_pictures_beside_it_and_the_words_alone(small_model: ShopperModel) -> None:
    raw = summary_message(small_model, "Mugs\nBcc: all@example.com")
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    assert letter["Subject"] == "Mugs Bcc: all@example.com" and letter["Bcc"] is None
    plain = letter.get_body(("plain",))
    page = letter.get_body(("html",))
    assert plain is not None and "What to do today" in plain.get_content()
    assert page is not None
    named = re.findall(r'src="cid:([^"]+)"', page.get_content())
    images = [part for part in letter.walk() if part.get_content_type() == "image/png"]
    assert [image["Content-ID"].strip("<>") for image in images] == named and len(named) == 2
    assert all(image.get_content().startswith(b"\x89PNG") for image in images)


def test_text_from_the_data_stays_text() -> None:
    page = summary_html(hostile_model(), HOSTILE)
    assert not [told for tag, told in _Tags(page).found if "onerror" in told]
    assert HOSTILE not in page and html.escape(HOSTILE, quote=False)[:9] in page


def test_a_letter_in_german(small_model: ShopperModel) -> None:
    with in_locale("de"):
        letter = summary_html(small_model, "Laden")
    assert '<html lang="de">' in letter and "Was heute zu tun ist" in letter and "What to do" not in letter
