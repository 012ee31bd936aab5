"""The network of one thing: where its neighbours stand, what moves, and why each of its lines is there."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from kg.views.explorer import render_explorer
from kg.views.explorer.ego import RINGS, STEP, ego_places, room
from tests.views.explorer.conftest import FACTS, store_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.views.explorer.conftest import Shown

    Show = Callable[..., Shown]

browser = pytest.mark.browser
WHERE = "() => Object.fromEntries(kgExplorer.part().scene.nodes.map((node) => [node.key, `${node.x} ${node.y}`]))"

# A gull named twice in the prose of I00001, once in its title, and in a row of a table that says so of I00002.
NAMED = """
GRAPH <https://w3id.org/disarm-kg/graph/text> {
  <https://w3id.org/disarm-kg/id/mention/1> a kg:Mention ; kg:ofIncident incident:I00001 ;
    kg:mentions <https://w3id.org/disarm-kg/id/actor/gull> ; kg:role "operator" ; kg:field "passage" ; oa:start 2 ;
    oa:end 6 ; kg:surface "boat" ; kg:rule "acts" ; kg:confidence 0.8 ;
    kg:inPassage <https://w3id.org/disarm-kg/id/passage/bb> .
  <https://w3id.org/disarm-kg/id/mention/2> a kg:Mention ; kg:ofIncident incident:I00001 ;
    kg:mentions <https://w3id.org/disarm-kg/id/actor/gull> ; kg:role "operator" ; kg:field "title" ; oa:start 0 ;
    oa:end 3 ; kg:surface "Reg" ; kg:rule "its-operation" ; kg:confidence 0.75 .
  <https://w3id.org/disarm-kg/id/mention/3> a kg:Mention ; kg:ofIncident incident:I00001 ;
    kg:mentions <https://w3id.org/disarm-kg/id/actor/gull> ; kg:role "operator" ; kg:field "summary" ; oa:start 0 ;
    oa:end 3 ; kg:surface "unsure" ; kg:rule "guessed" ; kg:confidence 0.2 .
}
"""
STATED = """
<id:statement/ee> a rdf:Statement ; rdf:subject incident:I00002 ; rdf:predicate kg:attributedTo ;
  rdf:object <id:actor/gull> ; prov:wasDerivedFrom <id:document/ff> ; kg:line 5 .
<id:document/ff> kg:path "cases.csv" .
"""


@pytest.fixture(scope="session")
def named() -> str:
    return render_explorer(store_of(FACTS + STATED, graphs=NAMED))


def test_every_place_around_a_centre_has_room_for_a_name_of_its_own() -> None:
    rings = ego_places()["rings"]
    assert isinstance(rings, list)
    places = [tuple(place) for ring in rings for place in ring]
    assert len(places) == len(set(places)) == RINGS * STEP
    for one, other in itertools.combinations(map(room, places), 2):
        assert one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]


def test_what_was_opened_stands_below_all_rings_and_what_lies_on_a_path_above() -> None:
    places = ego_places()
    rings, beyond, way = places["rings"], places["beyond"], places["way"]
    assert isinstance(rings, list)
    assert isinstance(beyond, list)
    assert isinstance(way, list)
    rows = [y for ring in rings for _, y in ring]
    assert max(y for _, y in way) < min(rows) < max(rows) < min(y for _, y in beyond)
    assert len({tuple(place) for place in beyond}) == STEP


@browser
def test_the_first_twenty_neighbours_all_have_their_names_on_a_laptop(real: str, show: Show) -> None:
    shown = show(real, "view=network&focus=T0097")
    assert shown.ask("() => kgExplorer.part().scene.nodes.length") == 1 + STEP
    assert shown.ask("() => kgExplorer.part().scene.labels.length") == 1 + STEP


@browser
def test_the_next_twenty_and_what_is_opened_move_nothing_that_stands(real: str, show: Show) -> None:
    shown = show(real, "view=network&focus=T0097")
    before = shown.ask(WHERE)
    assert len(before) == 1 + STEP
    # Opened by its double click in the page: what it stands with beyond these twenty comes below.
    shown.set(opened=["T0143@20"])
    opened = shown.ask(WHERE)
    assert len(opened) == 1 + 2 * STEP
    shown.page.get_by_role("button", name="Next 20").click()
    after = shown.ask(WHERE)
    assert len(after) > len(opened)
    assert before.items() <= opened.items() <= after.items()
    address = shown.page.url.partition("#")[2]
    assert show(real, address).ask(WHERE) == after


@browser
def test_the_network_of_the_whole_stands_where_python_put_it_and_never_differently(real: str, show: Show) -> None:
    first, second = (show(real, "view=network").ask(WHERE) for _ in range(2))
    assert first == second
    assert len(first) > 40


EDGES = {
    "technique with technique": (["T0001", "T0002"], ("3 incidents of N 4 hold all of them.", "torn-sail")),
    "incident with technique": (["I00001", "T0002"], ("(T0001.001, T0002)", "inline group", "torn-sail", "put back")),
    "actor with incident": (["actor:gull", "I00001"], ("attributed to", "rule acts, confidence 0.8", "torn-sail")),
    "platform with incident": (["platform:pond", "I00001"], ("Pond: platform", "not read in its prose", "torn-sail")),
    "actor with technique": (["actor:gull", "T0002"], ("2 incidents", "rule acts", "(T0001.001, T0002)")),
    "actor with platform": (["actor:gull", "platform:pond"], ("1 incident", "rule acts", "Pond: platform")),
}


@browser
@pytest.mark.parametrize("kind", EDGES)
def test_every_kind_of_edge_says_why_it_is_there_with_what_was_found_about_it(
    kind: str, named: str, show: Show
) -> None:
    keys, words = EDGES[kind]
    shown = show(named, f"view=network&focus={keys[0]}&chosen={' '.join(keys)}")
    for folded in shown.page.locator("#panel details").all():
        folded.evaluate("(element) => { element.open = true; }")
    for word in words:
        assert word in shown.panel
    assert "unsure" not in shown.panel
    assert shown.faults == []


@browser
def test_a_name_read_in_prose_is_marked_in_title_and_passage_and_a_field_is_cited(named: str, show: Show) -> None:
    shown = show(named, "view=network&chosen=actor:gull I00001")
    assert shown.page.locator("#panel mark.own").all_inner_texts()[:2] == ["Reg", "boat"]
    shown.set(chosen=["actor:gull", "I00002"])
    assert "attributed to: stated, cases.csv:5" in shown.panel


@browser
def test_a_line_is_chosen_with_the_mouse_and_with_the_keyboard(tiny: str, show: Show) -> None:
    shown = show(tiny, "view=network&focus=actor:gull")
    spot = shown.ask("""() => {
      const { scene } = kgExplorer.part();
      const edge = scene.edges.find((item) => scene.nodes[item.to].key === "T0002");
      const { k, x, y } = scene.transform;
      const [a, b] = [scene.nodes[edge.from], scene.nodes[edge.to]];
      const box = scene.canvas.getBoundingClientRect();
      return [box.left + x + k * (a.x + b.x) / 2, box.top + y + k * (a.y + b.y) / 2];
    }""")
    shown.page.mouse.move(*spot)
    assert "The Gull with T0002 Kites: 2 incidents." in shown.page.locator("#network-said").inner_text()
    shown.page.mouse.click(*spot)
    assert shown.state["chosen"] == ["actor:gull", "T0002"]
    shown.set(chosen=[])
    shown.page.locator("#view canvas").focus()
    shown.page.keyboard.press("ArrowRight")
    shown.page.keyboard.press("w")
    first = shown.state["chosen"]
    assert "actor:gull" in first
    shown.page.keyboard.press("w")
    assert shown.state["chosen"] != first
    assert "Why this edge?" in shown.panel


@browser
def test_turtle_of_an_edge_holds_the_incidents_that_join_its_ends(tiny: str, show: Show) -> None:
    shown = show(tiny, "view=network&focus=actor:gull&chosen=actor:gull T0003")
    turtle = shown.ask("() => kgExplorer.turtle()")
    assert "incident/I00001>" in turtle
    assert "incident/I00002>" not in turtle
