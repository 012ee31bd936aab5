from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.text import digest, fold, plain_text
from kg.text.countries import resolve_area


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<i>a</I> b", "a b"),
        ("a<br>b<br />c</br>d", "a\nb\nc\nd"),
        ("a<br><br><br><br>b", "a\n\nb"),
        ("a <br> b", "a\nb"),
        ("a\u00a0\tb  c", "a b c"),
        ('_"quoted"_ end', '"quoted" end'),
        ("see snake_case_name and @some_user_", "see snake_case_name and @some_user_"),
        ("https://x.example/_a_/b_c", "https://x.example/_a_/b_c"),
        ("1 < 2 <b>and</b> <script>alert(1)</script>", "1 < 2 and <script>alert(1)</script>"),
        ("A &amp; B", "A & B"),
        ("<i>never closed", "never closed"),
        ("a\x00b\x1bc", "a b c"),
        (r"A. Writer \| B. Writer", "A. Writer | B. Writer"),
        ("  ", ""),
    ],
)
def test_markup_becomes_the_text_a_reader_sees(markup: str, text: str) -> None:
    assert plain_text(markup) == text


@given(st.text())
def test_plain_text_holds_no_control_character_and_no_blank_at_its_ends(markup: str) -> None:
    text = plain_text(markup)
    assert text == text.strip()
    assert not [char for char in text if ord(char) < 0x20 and char != "\n"]
    assert "\n\n\n" not in text


@given(st.text(alphabet="ab \n\t\u00a0é"))
def test_texts_that_differ_in_white_space_only_have_one_digest(text: str) -> None:
    assert digest(text) == digest("  " + "\n ".join(text.split()) + " ")


def test_the_digest_is_the_sha256_of_the_folded_nfc_form() -> None:
    # "e" with a combining acute folds to the one character of the NFC form.
    assert fold("cafe\u0301 \n bar") == "caf\u00e9 bar"
    assert digest("cafe\u0301 \n bar") == hashlib.sha256("caf\u00e9 bar".encode()).hexdigest()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("UK", "GB"),
        ("US", "US"),
        ("USA", "US"),
        ("SaudiArabia", "SA"),
        ("Macedonia", "MK"),
        ("russia", "RU"),
        ("Côte d'Ivoire", "CI"),
        ("World", "World"),
        ("EU", "EU"),
        ("Unknown", None),
        ("Ruritania", None),
    ],
)
def test_names_of_countries_resolve_to_iso_codes_and_regions_stay_regions(name: str, code: str | None) -> None:
    area = resolve_area(name)
    assert (area.identifier if area else None) == code
    assert area is None or area.kind == ("region" if code in {"World", "EU"} else "country")
