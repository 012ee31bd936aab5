"""Countries that are charged, struck or only leant to, beside those that are targets or act: made-up sentences."""

from __future__ import annotations

import pytest

from tests.text.test_traps import believed

CHECKED = "Claim: the lake burned.\n{}\nRating: FALSE. The viral video is taken out of context."


@pytest.mark.parametrize(
    ("text", "country", "role"),
    [
        ("A fake account spread charges against former Norwegian ministers.", "Norway", None),
        ("The fake posts spread hate against Norwegian ministers.", "Norway", "target"),
        ("The fake clip shows people hit by drones, targeted by Norwegian pilots.", "Norway", None),
        ("The fake accounts targeted Norwegian pilots.", "Norway", "target"),
        ("Disinformation grew after the attack on Norway in May.", "Norway", None),
        ("The bots claimed cyber attacks on Norway in May.", "Norway", "target"),
        ("The troll farm was notorious for its interference in the 2016 Norwegian elections.", "Norway", None),
        ("The troll farm ran pages to interfere in the Norwegian elections.", "Norway", "target"),
        ("False reports were filed on people who criticised the Norwegian government.", "Norway", None),
        ("Fake accounts criticised the Norwegian government.", "Norway", "target"),
        ("The network wrote for Norwegian-speaking readers in Chile.", "Norway", None),
        ("An influence operation from Norway.", "Norway", None),
        ("Norwegian elections", "Norway", None),
        ("A disinformation campaign before the Norwegian elections", "Norway", "target"),
        (CHECKED.format("Six Norwegian soldiers were hurt in the storm."), "Norway", None),
        ("The campaign wants to manipulate Norwegian public opinion.", "Norway", "target"),
    ],
)
def test_what_is_charged_struck_or_recalled_is_no_target(text: str, country: str, role: str | None) -> None:
    assert believed(text).get(country) == role


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("The fake picture was circulated by Norwegian media.", "aligned"),
        ("The fake picture was debunked by Norwegian media.", None),
        (CHECKED.format("The Norwegian army shared footage that had previously been shown in a film."), "operator"),
        (CHECKED.format("The Norwegian army shared footage of the flood."), None),
    ],
)
def test_a_state_whose_media_or_army_pass_it_on_takes_part(text: str, role: str | None) -> None:
    assert believed(text).get("Norway") == role


def test_a_campaign_that_is_called_a_leaning_one_does_not_make_the_state_act() -> None:
    assert believed("Storm-1516 is a pro-Russian campaign of fake videos.").get("Russia") == "aligned"
    assert believed("Storm-1516 is a campaign of fake videos by Russian propagandists.").get("Russia") == "operator"
