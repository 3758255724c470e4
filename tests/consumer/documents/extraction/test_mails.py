"""Mails: headers as structured names, attachments and inner mails as documents of their own."""

from __future__ import annotations

import sys
from email.message import EmailMessage

import office_files
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reading_parts import data_of, problems, read


def test_headers_are_structured() -> None:
    """People stand in metadata as name and address, and in the text as written."""
    headers = read("a.eml", bytes(office_files.mail()))[0]

    assert headers.metadata == {
        "from": [["Jörg Müller", "joerg@example.org"]],
        "to": [["", "a@example.org"], ["Berta", "b@example.org"]],
        "date": "Mon, 02 Mar 2026 10:00:00 +0100",
        "subject": "Angebot für März",
    }
    assert "From: Jörg Müller <joerg@example.org>" in headers.data


def test_an_attachment_is_read_as_the_document_it_is() -> None:
    """Its parts stand below the container that names it."""
    parts = read("a.eml", bytes(office_files.mail()))

    box = next(part for part in parts if part.metadata.get("name") == "z.csv")
    assert [part.data for part in parts if part.parent_id == box.id] == ["a,b\n1,2\n"]


def test_inner_mails_are_read_with_their_attachments() -> None:
    """A forwarded mail with a DOCX inside is read to the ground."""
    inner = office_files.mail()
    inner.add_attachment(
        office_files.word_file(), maintype="application", subtype="octet-stream", filename="b.docx"
    )
    outer = EmailMessage()
    outer["Subject"] = "WG: Angebot"
    outer.set_content("Siehe unten.")
    outer.add_attachment(inner)

    assert "Fußnotentext" in data_of(read("a.eml", bytes(outer)))


def test_html_is_left_out_only_when_it_says_nothing_more() -> None:
    """The same words twice are noise; other words are content."""
    same, other = office_files.mail(), office_files.mail()
    for message, words in ((same, "liegt bei"), (other, "Sonderrabatt")):
        message.get_body(("html",)).set_content(f"<p>Guten Tag, {words}</p>", subtype="html")

    assert data_of(read("a.eml", bytes(same))).count("Guten Tag") == 1
    assert "Sonderrabatt" in data_of(read("a.eml", bytes(other)))


def test_mails_inside_mails_without_end_are_given_up_with_a_note() -> None:
    """Depth is bounded."""
    message = EmailMessage()
    message.set_content("innen")
    for _ in range(30):
        outer = EmailMessage()
        outer["Subject"] = "WG"
        outer.add_attachment(message)
        message = outer

    assert problems(read("a.eml", bytes(message))) == ["deep"]


def test_a_body_in_a_wrong_encoding_is_still_read() -> None:
    """What the header claims is tried first, then what fits."""
    data = b"From: a@example.org\nContent-Type: text/plain; charset=utf-8\n\nGr\xfc\xdfe\n"

    assert "Grüße" in data_of(read("a.eml", data))


def test_an_attachment_in_broken_base64_loses_nothing_else() -> None:
    """The rest of the mail is read."""
    data = bytes(office_files.mail()).replace(b"YTtiCjE7Mgo=", b"YTti!!!Cj\xff")

    assert "Guten Tag" in data_of(read("a.eml", data))


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=400))
@example(b"\x03\x00\x00\t\x01\x00\x00\t\x00\t\x00\t\xfe\x00\x00\t")
def test_no_bytes_break_the_reading_of_mails(rubbish: bytes) -> None:
    """Whatever follows the first header, a result comes back, fit for JSON."""
    parts = read("a.eml", b"From: a@example.org\nTo: b@example.org\n" + rubbish)

    assert "a@example.org" in data_of(parts)
    assert all(part.to_wire() for part in parts)


_TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=60)


@settings(deadline=None, max_examples=50)
@given(subject=_TEXTS, body=_TEXTS, attached=_TEXTS)
def test_words_of_any_script_come_through(subject: str, body: str, attached: str) -> None:
    """Headers, body and attachment are given back as they were written."""
    message = EmailMessage()
    message["Subject"] = subject
    message.set_content(body)
    message.add_attachment(attached, filename="b.txt")

    told = data_of(read("a.eml", bytes(message)))

    for words in (subject, body, attached):
        assert set("".join(words.split())) <= set("".join(told.split()))


def test_parts_inside_parts_without_end_lose_no_word() -> None:
    """What cannot be taken apart is given as it stands."""
    boxes = "".join(f"Content-Type: multipart/mixed; boundary=B{n}\n\n--B{n}\n" for n in range(350))
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(350)
    try:
        parts = read("a.eml", f"From: a@example.org\n{boxes}\nGuten Tag\n".encode())
    finally:
        sys.setrecursionlimit(usual)

    assert parts[0].metadata["from"] == [["", "a@example.org"]]
    assert "Guten Tag" in data_of(parts)
    assert problems(parts) == ["deep"]


def test_a_header_nested_without_end_loses_no_word() -> None:
    """The body is read all the same."""
    parts = read("a.eml", b"From: " + b"(" * 5_000 + b"\nTo: b@example.org\n\nGuten Tag\n")

    assert parts[0].metadata["to"] == [["", "b@example.org"]]
    assert "Guten Tag" in data_of(parts)
