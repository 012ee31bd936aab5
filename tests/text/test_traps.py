"""Names that are names only in the right context: sentences made up for each trap, with the lists that are shipped."""

from __future__ import annotations

import pytest

from kg.named import Role
from kg.text.lexicon import shipped_lexicon
from kg.text.mentions import MentionReader
from tests.text.naming import incident

READER = MentionReader(shipped_lexicon())
ACTS = {Role.OPERATOR, Role.ENABLER}
CHECKED = "Claim: {}\nRating: FALSE. The viral video is taken out of context."
"""The frame of a page that checks a claim."""


def believed(text: str, *, title: str = "", publisher: str = "") -> dict[str, str]:
    """Name of each thing that is said to act, to carry, to lean or to be the target -> its role."""
    found = READER.read(incident(text, title=title, summary=text, publisher=publisher))
    ranked = sorted(found, key=lambda mention: mention.confidence)
    said = {mention.thing.name: str(mention.role) for mention in ranked if mention.thing is not None}
    return {name: role for name, role in said.items() if role not in {"mentioned", "reporter"}}


@pytest.mark.parametrize(
    ("text", "name", "is_platform"),
    [
        ("The essay was first posted on Medium, then on three blogs.", "Medium", True),
        ("A Medium account with forty followers wrote it.", "Medium", True),
        ("Medium and long range missiles were shown at the parade.", "Medium", False),
        ("Radio is a medium that reaches every village.", "Medium", False),
        ("The medium is the message, he wrote.", "Medium", False),
        ("They planned the raid in a Discord server.", "Discord", True),
        ("Leaked files were shared on Discord.", "Discord", True),
        ("Discord between the two parties grew before the vote.", "Discord", False),
        ("The forgery was meant to sow discord among allies.", "Discord", False),
        ("The channel moved to Minds after the ban.", "Minds", True),
        ("Links were spread on Gab, Minds and Parler.", "Minds", True),
        ("Hearts and Minds was the name of the training course.", "Minds", False),
        ("Minds were changed by the debate.", "Minds", False),
        ("Orders were passed on via Signal.", "Signal", True),
        ("Signal messages between the two editors were published.", "Signal", True),
        ("Signal strength was poor in the valley.", "Signal", False),
        ("It was a signal to voters.", "Signal", False),
        ("Pictures went round on Telegram for days.", "Telegram", True),
        ("Telegram channels copied the letter.", "Telegram", True),
        ("The Worcester Telegram wrote about the flood.", "Telegram", False),
        ("The Grimsby Telegraph printed a correction.", "Telegram", False),
        ("Copies of the book were sold on Amazon.", "Amazon", True),
        ("Fires along the Amazon river spread for weeks.", "Amazon", False),
        ("The Amazon rainforest burned in August.", "Amazon", False),
        ("A post on X, formerly Twitter, had a million views.", "X (Twitter)", True),
        ("X users shared the clip.", "X (Twitter)", True),
        ("Malcolm X spoke there in 1964.", "X (Twitter)", False),
        ("Generation X voters were polled.", "X (Twitter)", False),
        ("An X-ray of the parcel was published.", "X (Twitter)", False),
        ("Company X made the device.", "X (Twitter)", False),
        ("Groups on Steam were used to gather members.", "Steam", True),
        ("Steam rose from the reactor.", "Steam", False),
        ("The posts on LINE reached pensioners.", "LINE", True),
        ("Line after line was copied.", "LINE", False),
        ("The Russian Telegram channel Signal published the forged photos.", "Signal", False),
        ("The Signal Telegram channel picked up the video.", "Signal", False),
        ("A film called Discord was shown.", "Discord", False),
    ],
)
def test_a_name_that_is_also_a_word_is_a_platform_only_where_it_can_be_one(
    text: str,
    name: str,
    is_platform: bool,  # noqa: FBT001 - a table of cases
) -> None:
    assert (believed(text).get(name) == "used") is is_platform


@pytest.mark.parametrize(
    ("text", "name", "acts"),
    [
        ("The IRA ran hundreds of fake pages.", "Internet Research Agency", True),
        ("The pages were attributed to the IRA, the troll farm in St. Petersburg.", "Internet Research Agency", True),
        ("The IRA bombed a hotel in 1984.", "Internet Research Agency", False),
        ("She put her savings into an IRA and retired.", "Internet Research Agency", False),
        ("RT amplified the forged letter.", "RT", True),
        ("The story was published by RT and Sputnik.", "RT", True),
        ("RT if you agree, the post said.", "RT", False),
        ("Fake accounts ran by FAIR copied the letter.", "Foundation to Battle Injustice", False),
        ("FAIR grades were given to both films.", "Foundation to Battle Injustice", False),
        (
            "The Agency ran shifts of trolls around the clock, under the Internet Research Agency.",
            "Internet Research Agency",
            True,
        ),
        ("The Agency for Rural Roads closed a bridge.", "Internet Research Agency", False),
    ],
)
def test_an_abbreviation_is_an_actor_only_where_it_acts(text: str, name: str, acts: bool) -> None:  # noqa: FBT001 - the same
    assert (believed(text).get(name) in ACTS) is acts


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Reuters reported that the pages had gone.", "Reuters"),
        ("According to Graphika, the network posted at night.", "Graphika"),
        ("Mandiant assesses that the letters were forged.", "Mandiant"),
        ("The Washington Post wrote about the fake accounts.", "The Washington Post"),
        ("Bellingcat traced the picture to another town.", "Bellingcat"),
        ("A site that imitated Le Monde spread the tale.", "Le Monde"),
        ("The forged front page bore the logo of Der Spiegel.", "Der Spiegel"),
        ("A fake account impersonating the BBC posted the clip.", "BBC"),
        ("The campaign discredited the White Helmets.", "White Helmets"),
        ("Hackers targeted the Democratic National Committee.", "Democratic National Committee"),
        ("There is no evidence that Hamas made the video.", "Hamas"),
        ("Unlike the Internet Research Agency, these pages had no staff.", "Internet Research Agency"),
        ("An account posing as Alexei Navalny asked for money.", "Alexei Navalny"),
    ],
)
def test_who_reports_suffers_or_is_compared_does_not_act(text: str, name: str) -> None:
    assert believed(text).get(name) not in ACTS


@pytest.mark.parametrize(
    "text",
    [
        "A persona called Alice Fenwick posted the letter (T0097.101: Local Persona). Alice Fenwick shared clips.",
        "A fake news site named Harbour Herald published the story. Harbour Herald spread it for weeks.",
        "The fictitious think tank Centre for Tidal Studies issued a report. It does not exist.",
        "The outlet, an invention of the operators, was titled Morning Lantern.",
    ],
)
def test_what_an_operation_made_up_does_not_act(text: str) -> None:
    made_up = {"Alice Fenwick", "Harbour Herald", "Centre for Tidal Studies", "Morning Lantern"}
    assert not made_up & {name for name, role in believed(text).items() if role in ACTS}


@pytest.mark.parametrize(
    ("text", "country", "role"),
    [
        ("The fake accounts were run by the Iranian government.", "Iran", "operator"),
        ("Chinese state-sponsored hackers wrote forged letters.", "China", "operator"),
        ("The disinformation campaign was attributed to Russia.", "Russia", "operator"),
        ("The Kremlin launched an influence operation with fake pages.", "Russia", "operator"),
        ("Beijing has used fake accounts to smear exiles.", "China", "operator"),
        ("A pro-Russian network pushed the forgery.", "Russia", "aligned"),
        ("The troll accounts were Russia-based.", "Russia", "aligned"),
        ("Kremlin-aligned accounts copied it.", "Russia", "aligned"),
        ("The accounts originated in Vietnam.", "Vietnam", "aligned"),
        ("Fake pages targeted voters in Germany.", "Germany", "target"),
        ("The operation aimed to interfere in Moldovan elections.", "Moldova", "target"),
        ("Anti-French propaganda was spread by bots.", "France", "target"),
        ("Meta removed a network of accounts in Vietnam.", "Vietnam", "aligned"),
        ("The UK opposition leader was targeted by a fake recording.", "United Kingdom", "target"),
        ("Troops fought against Serbia in May.", "Serbia", None),
        ("Pages posed as locals based in Turkey.", "Türkiye", None),
        ("The accounts purported to be of students based in Canada.", "Canada", None),
        ("The picture was taken in Norway.", "Norway", None),
        ("Reporters in Kenya found the pages.", "Kenya", None),
        ("A Greek politician shared the fake picture.", "Greece", None),
        (CHECKED.format("Russia ran fake accounts in Poland."), "Russia", None),
        (CHECKED.format("Ukraine was behind the attack on its own hospital."), "Ukraine", None),
        (CHECKED.format("Israel launched an influence operation with bots."), "Israel", None),
    ],
)
def test_a_state_acts_leans_suffers_or_is_only_named(text: str, country: str, role: str | None) -> None:
    assert believed(text).get(country) == role


@pytest.mark.parametrize(
    ("text", "platform", "role"),
    [
        ("Meta removed 80 Facebook accounts that ran the fake pages.", "Facebook", "used"),
        ("Twitter said it had suspended the accounts.", "X (Twitter)", None),
        ("Google Search shows the older picture at once.", "Google Search", None),
        ("A Google search brings up pages with the older picture.", "Google Search", None),
        ("Unlike TikTok, the forum has no age limit.", "TikTok", None),
        ("The clip was viewed on TikTok two million times.", "TikTok", "used"),
    ],
)
def test_a_platform_carries_reports_or_is_a_tool(text: str, platform: str, role: str | None) -> None:
    assert believed(text).get(platform) == role


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Police charged 40-year-old Odo Marlin, the school's bursar, over the forged recording.", "Odo Marlin"),
        ("Investigators linked Odo Marlin to the fabricated recording.", "Odo Marlin"),
        (
            "Others had cut it. Odo Marlin, a blogger, wrote. Marlin and others had misleadingly cropped it.",
            "Odo Marlin",
        ),
        ("The singer answered the artist Odo Marlin after he posted altered pictures of her.", "Odo Marlin"),
        ("The site Harbour Courier published a fabricated story about the mayor.", "Harbour Courier"),
        ("It links to Harbour Courier, a website that has previously published misinformation.", "Harbour Courier"),
        ("The figure comes from an alternative news site, Harbour Courier.", "Harbour Courier"),
        ("A headline of Harbour Courier, a known conspiracy theory site, says so.", "Harbour Courier"),
        ("The article was written by Odo Marlin.", "Odo Marlin"),
        ("Odo Marlin repeated the claim at a hearing.", "Odo Marlin"),
        ("It found links to people associated with Tidewater Network Technology.", "Tidewater Network Technology"),
        ("The player, who went by the handle Saltmarsh, shared the secret papers.", "Saltmarsh"),
        ("Eric Trump, the son of the former president, also shared the meme.", "Eric Trump"),
        ("The video was also shared by the Delhi Harbour Congress' official page.", "Delhi Harbour Congress"),
    ],
)
def test_who_misleads_is_charged_or_known_for_it_acts(text: str, name: str) -> None:
    assert believed(text).get(name) in ACTS


@pytest.mark.parametrize(
    "text",
    [
        "The original clip was posted by Odo Marlin in May.",
        "Odo Marlin posted two pictures of his test, both negative.",
        "The picture shows Odo Marlin, a baker.",
        "A reverse image search led to a clip uploaded by Odo Marlin in 2019.",
        "Police said Odo Marlin was unhurt.",
        "A post falsely claimed that Odo Marlin had died.",
    ],
)
def test_on_a_page_that_checks_a_claim_bystanders_stay_bystanders(text: str) -> None:
    assert believed(f"{text} The claim is false. Our verdict: misleading.").get("Odo Marlin") not in ACTS
