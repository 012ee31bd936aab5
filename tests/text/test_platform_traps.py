"""Services that only stand in the account of an operation, beside those that carried it: made-up sentences."""

from __future__ import annotations

import datetime as dt

import pytest

from kg.text.hits import read_page
from kg.text.lexicon import shipped_lexicon
from kg.text.matcher import Matcher
from kg.text.mentions import MentionReader
from tests.text.naming import incident

READER = MentionReader(shipped_lexicon())
CHECKED = "Claim: the lake of Arden has burned.\n{}\nRating: FALSE. The viral video is taken out of context."
"""The frame of a page that checks a claim."""


def used(text: str, *, published: dt.date | None = None) -> set[str]:
    """The platforms that carried what the text tells of."""
    found = READER.read(incident(text, published=published))
    return {mention.thing.name for mention in found if mention.thing is not None and mention.role == "used"}


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("Technology companies such as Apple, Facebook and Tencent buy game studios.", "Facebook"),
        ("Meta (formerly Facebook) plans a world of its own.", "Facebook"),
        ("Like Twitch and YouTube, the site lets anyone stream.", "YouTube"),
        ("He had been barred from mainstream social media platforms like YouTube.", "YouTube"),
        ("The singer is one of YouTube's most popular creators.", "YouTube"),
        ("The bill will require platforms like Instagram to act within two days.", "Instagram"),
        ("In May the platform TikTok sued the state over the law.", "TikTok"),
        ("The forgers also fabricated screenshots of Instagram stories.", "Instagram"),
        ("One file was made to look like a newspaper, one was impersonating a YouTube short.", "YouTube"),
        ("Readers were sent a fake Google Meet invitation.", "Google Meet"),
        ("The leaflet claimed that Airbnb would close all its houses.", "Airbnb"),
        ("The editors contacted Spotify, which denied it.", "Spotify"),
        ("The actress told her two million followers on Instagram that it was not her.", "Instagram"),
        ("A stranger had found her on Facebook.", "Facebook"),
        ("The picture was cut from one that she had posted to Facebook.", "Facebook"),
        ("The trick was first flagged by a reader on Bluesky.", "Bluesky"),
        ("No statement to this end stands on Instagram.", "Instagram"),
        ("Half the town talked of the mayor's Twitter ban.", "X (Twitter)"),
        ("He had sent a complaint to the travel platform Booking.com.", "Booking.com"),
    ],
)
def test_a_service_that_is_compared_asked_or_imitated_carried_nothing(text: str, platform: str) -> None:
    assert platform not in used(text)


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("The network used platforms such as Facebook, Tumblr and VK.", "Facebook"),
        ("Fake Facebook accounts praised the dam.", "Facebook"),
        ("The screenshots were spread by forty accounts on Instagram.", "Instagram"),
        ("The channel was banned, then moved to Rumble like two others.", "Rumble"),
        ("The page told its followers to come, and Facebook removed it.", "Facebook"),
        ("Like the first wave, the second ran on TikTok.", "TikTok"),
        ("The leaflet claimed that Telegram was used to sell organs and was shared on Telegram.", "Telegram"),
        ("The hackers had posted the stolen letters to Pastebin.", "Pastebin"),
        ("There was no post of the ministry, but two hundred copies on VK.", "VKontakte"),
    ],
)
def test_a_service_beside_such_words_that_carried_it_still_did(text: str, platform: str) -> None:
    assert platform in used(text)


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("The ministry confirmed on Twitter that the lake is well.", "X (Twitter)"),
        ("The painter told Northern Checks on Facebook Messenger that the fire is his.", "Facebook Messenger"),
        ("The mayor wrote on Instagram that the picture is fake.", "Instagram"),
        ("The Twitter account of the fire brigade called the picture a hoax.", "X (Twitter)"),
        ("He left on May 3, according to an Instagram post of his sister.", "Instagram"),
        ("Nothing of it stands on the mayor's official Facebook or Twitter accounts.", "X (Twitter)"),
        ("She is well and dances on her verified TikTok page.", "TikTok"),
        ("Ines Marlow posted a picture of her breakfast on Instagram.", "Instagram"),
        ("A reverse image search led us to a video on TikTok by a fireworks maker.", "TikTok"),
        ("The picture can be traced to a YouTube post of a film school.", "YouTube"),
        ("A longer video stands on the museum's Facebook page.", "Facebook"),
        ("A YouTube video by a film school contained the same boats.", "YouTube"),
        ("It was first uploaded to YouTube in 2014.", "YouTube"),
        ("The mayor said so when answering questions on a Reddit thread.", "Reddit"),
        ("Her Instagram account has been active since, sharing pictures of the lake.", "Instagram"),
        ("After his suspension from Twitter he went fishing.", "X (Twitter)"),
        ("Look at the official accounts on X , TikTok , Vimeo , or Bluesky.", "Bluesky"),
        ("She posted on Instagram on May 6 and was retweeting posts on Twitter.", "X (Twitter)"),
    ],
)
def test_on_a_check_a_service_where_something_was_looked_up_carried_nothing(text: str, platform: str) -> None:
    assert platform not in used(CHECKED.format(text), published=dt.date(2023, 6, 1))


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("The picture was shared on Facebook in 2023 by dozens of users.", "Facebook"),
        ("Police confirmed that the video shared on Facebook is not of the lake.", "Facebook"),
        ("One user wrote on Facebook that there was no such lake left.", "Facebook"),
        ("The video was also shared by the party's official Facebook account.", "Facebook"),
        ("The official X account of the party has circulated it.", "X (Twitter)"),
        ("The rumour could be traced to a Facebook post of May 2.", "Facebook"),
        ("A TikTok clip with two million views says so.", "TikTok"),
        ("The page asked questions on a Reddit thread, with a false picture.", "Reddit"),
        ("Ines Marlow posted it on Twitter, where it was retweeted by hundreds.", "X (Twitter)"),
    ],
)
def test_on_a_check_a_service_on_which_it_spread_carried_it(text: str, platform: str) -> None:
    assert platform in used(CHECKED.format(text), published=dt.date(2023, 6, 1))


def test_what_was_put_there_shortly_before_the_report_is_no_older_original() -> None:
    text = CHECKED.format("A December 2022 Instagram post shows a headline.")
    assert "Instagram" in used(text, published=dt.date(2023, 1, 9))
    assert "Instagram" not in used(text, published=dt.date(2024, 1, 9))


def test_a_service_that_was_looked_up_was_so_wherever_no_word_of_spreading_stands() -> None:
    found = "A reverse image search led us to a video on Vimeo."
    assert "Vimeo" not in used(CHECKED.format(f"{found} The title of the Vimeo video names a festival."))
    assert "Vimeo" in used(CHECKED.format(f"{found} The viral copy had a million views on Vimeo."))


@pytest.mark.parametrize(
    ("title", "publisher", "text", "checks"),
    [
        ("Fact Check-No lake burned in Arden", "", "A clip shows smoke.", True),
        ("False: the lake of Arden burned", "", "A clip shows smoke.", True),
        ("The lake did not burn", "Full Fact", "A clip shows smoke.", True),
        ("The lake burned", "Full Fact", "A clip shows smoke.", False),
        ("A campaign against fact checkers", "The Herald", "Clips show smoke.", False),
    ],
)
def test_a_page_checks_a_claim_where_its_title_or_two_signs_say_so(
    title: str,
    publisher: str,
    text: str,
    checks: bool,  # noqa: FBT001 - a table of cases
) -> None:
    page = read_page(incident(text, title=title, publisher=publisher), Matcher([]))
    assert page.fact_check is checks


@pytest.mark.parametrize(
    ("text", "platform", "is_used"),
    [
        ("The links were shortened with bit[.]ly.", "Bitly", True),
        ("Posts on vk[.]com spread it.", "VKontakte", True),
        ("ChatGPT wrote the posts.", "ChatGPT", True),
        ("ChatGPT wrongly said that the lake burned.", "ChatGPT", True),
        ("The clip was made with Pika.", "Pika", True),
        ("A pika was seen at the lake; Pika ran.", "Pika", False),
        ("The AI assistant Claude wrote the letters.", "Claude", True),
        ("Claude wrote to his aunt.", "Claude", False),
        ("The AI chatbot Grok repeated the rumour.", "Grok", True),
        ("Canva said that it had closed the account.", "Canva", False),
        ("Canva generated the flag on the poster.", "Canva", True),
    ],
)
def test_a_machine_is_used_where_it_writes_or_paints_and_a_name_may_be_defanged(
    text: str,
    platform: str,
    is_used: bool,  # noqa: FBT001 - the same
) -> None:
    assert (platform in used(text)) is is_used


@pytest.mark.parametrize(
    ("text", "platform", "is_used"),
    [
        ("The clip was uploaded to Instagram on May 8. It has nothing to do with the lake.", "Instagram", False),
        ("The clip is two years old, as it was uploaded to Vimeo by a film school.", "Vimeo", False),
        ("The rumour was posted on Instagram on May 8. It has nothing to do with the lake.", "Instagram", True),
        ("The clip was first shared on TikTok by its painter.", "TikTok", False),
        ("The rumour was first shared on TikTok on May 8.", "TikTok", True),
        ("It was first published by the Telegram channel Northern Smoke.", "Telegram", True),
    ],
)
def test_on_a_check_what_is_unrelated_or_came_first_is_the_original_and_a_rumour_is_not(
    text: str,
    platform: str,
    is_used: bool,  # noqa: FBT001 - the same
) -> None:
    assert (platform in used(CHECKED.format(text), published=dt.date(2023, 6, 1))) is is_used


def test_a_page_whose_tags_say_that_media_were_reframed_is_read_as_a_check_of_them() -> None:
    told = "The clip was given out as new (T0162.003: Historic Content Incorrectly Presented as Current). "
    older = "A longer video stands on the museum's Vimeo page."
    assert "Vimeo" in used(older)
    assert "Vimeo" not in used(f"{told}{older}")
