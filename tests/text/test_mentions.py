"""What is made of a name where it stands: the roles, on made-up text."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import Corpus
from kg.named import Role
from kg.sources.named import with_names
from kg.text.fields import MOST_PROSE, length_of_prose
from tests.text.naming import LEXICON, READER, incident, mentions, roles


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Paper Crane posted clips on VidBox.", "Paper Crane", "operator"),
        ("The accounts were run by the Grey Gulls.", "Grey Gulls", "operator"),
        ("The network was linked to the Harbour Office.", "Harbour Office", "operator"),
        ("Lantern TV amplified the story.", "Lantern TV", "enabler"),
        ("Ada Mourne was sentenced to a year in prison.", "Ada Mourne", "operator"),
        ("A fake account of Ada Mourne asked for money.", "Ada Mourne", "target"),
        ("The campaign targeted the Grey Gulls.", "Grey Gulls", "target"),
        ("According to the Grey Gulls, it rained.", "Grey Gulls", "reporter"),
        ("Storm Watch found the pages.", "Storm Watch", "reporter"),
        ("The Grey Gulls met in May.", "Grey Gulls", "mentioned"),
        ("There is no evidence of Paper Crane.", "Paper Crane", "mentioned"),
        ("It is a scheme similar to Paper Crane.", "Paper Crane", "mentioned"),
    ],
)
def test_an_actor_has_the_role_its_sentence_gives(text: str, name: str, role: str) -> None:
    assert roles(text)[name] == role


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("The fake accounts were attributed to Arcadia.", "operator"),
        ("Arcadia\u2019s disinformation campaign went on.", "operator"),
        ("An Arcadian influence operation was found.", "operator"),
        ("Arcadian state-backed hackers wrote fake letters.", "operator"),
        ("Port Vale has used fake accounts for years.", "operator"),
        ("A pro-Arcadian network spread fake letters.", "aligned"),
        ("The accounts were Arcadia-based.", "aligned"),
        ("The network originated in Arcadia.", "aligned"),
        ("Fake accounts interfered in Arcadian elections.", "target"),
        ("The propaganda was aimed at Arcadia.", "target"),
        ("Anti-Arcadian propaganda was found.", "target"),
        ("It rained in Arcadia.", "mentioned"),
    ],
)
def test_a_state_acts_leans_or_is_the_target(text: str, role: str) -> None:
    assert roles(text)["Arcadia"] == role


def test_what_a_claim_says_of_a_state_is_no_attribution() -> None:
    checked = (
        "What was claimed: Fake letters were attributed to Arcadia.\nOur verdict: False. The viral clip is misleading."
    )
    assert roles(checked)["Arcadia"] == "mentioned"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It was posted on Q.", True),
        ("Posts on Chirper and Q were seen.", True),
        ("It was on Q (formerly Quill). Later Q took it down.", True),
        ("Mr Q wrote.", False),
        ("She wore a Plume of white.", False),
        ("A Plume account wrote.", True),
        ("Malcolm Q spoke on it.", False),
    ],
)
def test_a_doubtful_name_is_a_platform_only_in_the_right_context(text: str, found: bool) -> None:  # noqa: FBT001
    assert bool(set(roles(text)) & {"Q", "Plume"}) is found


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("They uploaded clips to VidBox.", "used"),
        ("A puppet spoke (T0146: Account Asset) on VidBox.", "used"),
        ("It is a rival such as VidBox.", "mentioned"),
        ("VidBox said it was looking into it.", "reporter"),
    ],
)
def test_a_platform_is_used_compared_or_speaks_for_itself(text: str, role: str) -> None:
    assert roles(text)["VidBox"] == role


def test_a_reference_s_publisher_reports() -> None:
    assert roles("The Grey Gulls run fake pages.", publisher="Grey Gulls")["Grey Gulls"] == "reporter"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jory Quint registered a domain (T0149: Online Infrastructure).", "Jory Quint"),
        ("Jory Quint, of Port Vale, was arrested. Quint wept.", "Jory Quint"),
        ("The site was operated by Velvet Hammer.", "Velvet Hammer"),
        ("The influence campaign, Operation Teapot, was found.", "Operation Teapot"),
        ("Experts blame Storm-9817.", "Storm-9817"),
        ("The extremist group Tideline wrote fake letters.", "Tideline"),
    ],
)
def test_an_actor_that_no_list_knows_is_found_by_its_place(text: str, name: str) -> None:
    assert roles(text)[name] == "operator"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Posts by the writer Jory Quint (T0143.001: Authentic Persona) went round.", "Jory Quint"),
        ("Among them is Jory B. Quint, a correspondent of Lantern TV (T0143.001: Authentic Persona).", "Jory B. Quint"),
        (
            "The account of the Grey Gulls (GG) (T0097: Present Persona, T0143.001: Authentic Persona) told it.",
            "Grey Gulls",
        ),
    ],
)
def test_who_is_tagged_as_authentic_takes_part_under_that_name(text: str, name: str) -> None:
    assert roles(text)[name] == "enabler"


def test_who_is_tagged_as_impersonated_takes_no_part() -> None:
    assert "Jory Quint" not in roles("A letter by Jory Quint (T0143.003: Impersonated Persona) went round.")


def test_an_abbreviation_that_the_page_explains_is_the_name_it_stands_for() -> None:
    # The list has PCR for Paper Crane; this page means the Grey Gulls.
    found = mentions("The Grey Gulls (PCR) met. A PCR Chirper group wrote fake letters.")
    named = [(item.surface, item.thing.name, str(item.role)) for item in found if item.thing is not None]
    assert named == [
        ("Grey Gulls", "Grey Gulls", "operator"),
        ("PCR", "Grey Gulls", "operator"),
        ("PCR", "Grey Gulls", "operator"),
        ("Chirper", "Chirper", "used"),
    ]


def test_the_last_name_of_a_person_is_the_person() -> None:
    found = mentions("Jory Quint, of Port Vale, was arrested. Quint wept.")
    spans = [
        (mention.surface, mention.thing.name) for mention in found if mention.thing and mention.thing.source == "text"
    ]
    assert spans == [("Jory Quint", "Jory Quint"), ("Quint", "Jory Quint")]


@pytest.mark.parametrize(
    "text",
    [
        "A fake expert called Jory Quint was cited. Jory Quint posted clips (T0115: Post Content).",
        "Users shared clips (T0115: Post Content).",
        "The page was called Velvet Hammer. Velvet Hammer posted clips (T0115: Post Content).",
    ],
)
def test_what_the_operation_made_up_is_no_actor(text: str) -> None:
    assert not [mention for mention in mentions(text) if mention.thing is not None]


def test_the_year_of_the_act_is_the_one_named_most_and_not_after_the_report() -> None:
    page = incident(
        "In May 2021 it began. It went on in 2021 until 3 June 2022. Experts recall 1989 (Cohen, 2020).",
        published=dt.date(2022, 8, 1),
    )
    found = [(mention.surface, mention.year, mention.role) for mention in READER.read(page)]
    assert found == [
        ("May 2021", 2021, Role.WHEN),
        ("2021", 2021, Role.WHEN),
        ("3 June 2022", 2022, Role.MENTIONED),
        ("1989", 1989, Role.MENTIONED),
    ]


PIECES = st.sampled_from(
    [form.text for form in LEXICON.forms]
    + [
        "posted on",
        "(T0146: Account Asset)",
        ". ",
        "\u201c",
        "\u201d",
        "was sentenced",
        "run by",
        "\n",
        "2021",
        "pro-",
        "\u0130",
    ]
)


@settings(max_examples=60)
@given(st.lists(PIECES, max_size=25), st.text(max_size=60))
def test_the_surface_is_what_stands_between_the_offsets(pieces: list[str], other: str) -> None:
    text = " ".join(pieces) + other
    page = incident(text, title=other, summary=text)
    fields = {"title": page.title, "summary": page.summary, "passage": text}
    for mention in READER.read(page):
        assert fields[mention.field][mention.start : mention.end] == mention.surface
        assert 0 < mention.confidence < 1
        assert mention.rule


def test_the_same_text_gives_the_same_mentions() -> None:
    text = "Paper Crane and Chirper, Arcadia, 2021. Jory Quint was arrested."
    assert mentions(text) == mentions(text)


@pytest.mark.parametrize(
    "piece",
    [
        "Jory Quint and ",
        "APT28 ",
        "Arcadia ",
        "\u201c",
        "said \u201c",
        "Aa",
        "Q and ",
        "(T0146 ",
        "A ",
        "Chirper, ",
        "May 2021 ",
        "run by ",
    ],
)
def test_a_page_without_end_is_read_in_linear_time(piece: str) -> None:
    # A step for each pair of places would be 10^8 and more steps here; what is counted is that it comes to an end.
    text = piece * (20_000 // len(piece))
    assert all(text[mention.start : mention.end] == mention.surface for mention in mentions(text))


def test_names_beyond_the_most_that_is_read_are_left_and_a_finding_tells_how_many_characters() -> None:
    filler = "word " * (MOST_PROSE // 5)
    long = incident(f"Arcadia. {filler}", summary=f"{filler[:-100]}Bohemia ran on. Arcadia")
    found = READER.read(long)
    # The summary leaves 100 characters less 23 for the passage: its first word is read, the rest is not.
    assert [(item.field, item.surface) for item in found] == [
        ("summary", "Bohemia"),
        ("summary", "Arcadia"),
        ("passage", "Arcadia"),
    ]
    corpus = with_names(Corpus(release="9.9", incidents=(long,)))
    (finding,) = corpus.findings
    more = length_of_prose(long) - MOST_PROSE
    assert (finding.code, str(finding.place)) == ("long-prose", "I99001.md:1")
    assert finding.message.startswith(f"{more:,} characters more than the 200,000 ")
    assert with_names(corpus).findings == corpus.findings


def test_an_incident_of_just_the_most_that_is_read_is_read_whole() -> None:
    whole = incident(summary=("word " * MOST_PROSE)[: MOST_PROSE - 8] + " Arcadia")
    assert [item.surface for item in READER.read(whole)] == ["Arcadia"]
    assert with_names(Corpus(release="9.9", incidents=(whole,))).findings == ()
