from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

import kg
from kg.rdf.namespaces import PREFIXES
from kg.store.embedded import EmbeddedStore
from kg.views.explorer import render_explorer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

VIEWS = ("matrix", "framework", "network", "timeline", "sets", "page")

# Four incidents, a passage with its words, an actor and a platform. T0001.001 is a sub-technique of T0001.
FACTS = """
<id:release/9.9> a kg:Release ; owl:versionInfo "9.9" .
tactic:TA02 a kg:Tactic ; dcterms:identifier "TA02" ; skos:prefLabel "Sail"@en ; kg:rank 2 .
tactic:TA09 a kg:Tactic ; dcterms:identifier "TA09" ; skos:prefLabel "Fold"@en ; kg:rank 1 .
disarm:T0001 a kg:Technique ; dcterms:identifier "T0001" ; skos:prefLabel "Boats"@en ; kg:tactic tactic:TA02 .
disarm:T0001.001 a kg:Technique ; dcterms:identifier "T0001.001" ; skos:prefLabel "Paper Boats"@en ;
  kg:tactic tactic:TA02 ; skos:broader disarm:T0001 .
disarm:T0002 a kg:Technique ; dcterms:identifier "T0002" ; skos:prefLabel "Kites"@en ; kg:tactic tactic:TA09 .
disarm:T0003 a kg:Technique ; dcterms:identifier "T0003" ; skos:prefLabel "Hats"@en ; kg:tactic tactic:TA09 .
disarm:T0004 a kg:Technique ; dcterms:identifier "T0004" ; skos:prefLabel "Lamps"@en ; kg:tactic tactic:TA09 .
<id:counter/C00001> a kg:Counter ; dcterms:identifier "C00001" ; skos:prefLabel "Row back"@en ;
  kg:counters disarm:T0001 .
<id:actor/gull> a kg:Actor ; dcterms:identifier "gull" ; skos:prefLabel "The Gull"@en ; skos:altLabel "Seagull" .
<id:platform/pond> a kg:Platform ; dcterms:identifier "pond" ; skos:prefLabel "Pond"@en .
<id:country/GB> a kg:Country ; dcterms:identifier "GB" ; skos:prefLabel "United Kingdom"@en .
incident:I00001 a kg:Incident ; dcterms:identifier "I00001" ; dcterms:title "Regatta" ; kg:yearStarted 2018 ;
  kg:datePublished "2019-02-03"^^xsd:date ; kg:attributedTo <id:actor/gull> ; kg:onPlatform <id:platform/pond> ;
  kg:targetCountry <id:country/GB> ; dcterms:references <id:reference/aa> ;
  kg:usesTechnique disarm:T0001.001, disarm:T0002, disarm:T0003 .
incident:I00002 a kg:Incident ; dcterms:identifier "I00002" ; dcterms:title "Storm" ; kg:yearInText 2020 ;
  kg:attributedTo <id:actor/gull> ; kg:usesTechnique disarm:T0001, disarm:T0002 .
incident:I00003 a kg:Incident ; dcterms:identifier "I00003" ; dcterms:title "Calm" ;
  kg:datePublished "2021-05-06"^^xsd:date ; kg:usesTechnique disarm:T0001, disarm:T0002 .
incident:I00004 a kg:Incident ; dcterms:identifier "I00004" ; dcterms:title "Fog" ; kg:usesTechnique disarm:T0004 .
<id:reference/aa> a kg:Reference ; dcterms:identifier "aa" ; schema:url "https://example.org/regatta"^^xsd:anyURI ;
  schema:datePublished "2019-02-03"^^xsd:date ; schema:publisher "The Pond Post" ;
  schema:archivedAt "https://example.net/copy"^^xsd:anyURI .
<id:passage/bb> a kg:Passage ; dcterms:identifier "bb" ; kg:length 32 ; kg:about incident:I00001 ;
  rdf:value "A boat sank (T0001.001, T0002). " .
<id:use/I00001-T0002> a kg:TechniqueUse ; kg:incident incident:I00001 ; kg:technique disarm:T0002 ;
  kg:status "accepted" ; kg:statedIn <id:observation/I00001-bb-12-30> .
<id:use/I00001-T0001.001> a kg:TechniqueUse ; kg:incident incident:I00001 ; kg:technique disarm:T0001.001 ;
  kg:status "accepted" ; kg:statedIn <id:observation/I00001-bb-12-30>, <id:row/I00001-1> .
<id:row/I00001-1> a kg:TableRow ; dcterms:identifier "I00001-1" ; kg:status "accepted" ; kg:placement "sound" ;
  kg:passage <id:passage/bb> ; prov:wasDerivedFrom <id:document/cc> ; kg:line 24 ; kg:incident incident:I00001 ;
  kg:technique disarm:T0001.001 .
<id:placement/I00001-bb> a kg:Placement ; kg:incident incident:I00001 ; kg:passage <id:passage/bb> ;
  kg:evidence "tags in order" ; kg:confidence 0.99 ; kg:foundUnder incident:I00002 .
<id:document/cc> kg:path "generated_pages/incidents/I00001.md" .
<id:observation/I00001-bb-12-30> a kg:Observation ; dcterms:identifier "I00001-bb-12-30" ; kg:status "accepted" ;
  kg:ofIncident incident:I00001 ; kg:techniqueList "T0001.001 T0002" ; kg:technique disarm:T0001.001, disarm:T0002 ;
  kg:inPassage <id:passage/bb> ; prov:wasDerivedFrom <id:document/cc> ; kg:line 24 ; oa:hasTarget <id:target/bb-12-30> .
<id:target/bb-12-30> oa:hasSelector <id:selector/bb-12-30> .
<id:selector/bb-12-30> oa:start 12 ; oa:end 30 .
"""

FINDING = """
<id:finding/dd> a kg:Finding ; dcterms:identifier "dd" ; sh:focusNode incident:I00001 ; kg:code "torn-sail" ;
  sh:resultMessage "the sail is torn" ; kg:fix "mend it" ; kg:path "generated_pages/incidents/I00001.md" ; kg:line 7 .
"""


def store_of(facts: str, finding: str = FINDING, graphs: str = "") -> EmbeddedStore:
    """A store of Turtle, and TriG for further graphs, in which ``<id:`` stands for the base of things."""
    head = "".join(f"@prefix {prefix}: <{name}> .\n" for prefix, name in PREFIXES.items())

    def parsed(text: str) -> Iterator[ox.Quad]:
        return ox.parse((head + text.replace("<id:", f"<{PREFIXES['id']}")).encode(), format=ox.RdfFormat.TURTLE)

    findings = ox.NamedNode("https://w3id.org/disarm-kg/graph/findings")
    told = (ox.Quad(quad.subject, quad.predicate, quad.object, findings) for quad in parsed(finding))
    named = ox.parse((head + graphs).encode(), format=ox.RdfFormat.TRIG)
    return EmbeddedStore.from_quads([*parsed(facts), *told, *named])


@pytest.fixture(scope="session")
def tiny() -> str:
    return render_explorer(store_of(FACTS), origin="tiny")


@pytest.fixture(scope="session")
def facts() -> Iterator[kg.KnowledgeGraph]:
    with kg.open() as graph:
        yield graph


@pytest.fixture(scope="session")
def real(facts: kg.KnowledgeGraph) -> str:
    return facts.explore().html


@dataclass
class Shown:
    """The explorer in a browser, with everything that went wrong or out."""

    page: Page
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def ask(self, script: str, argument: object = None) -> Any:  # noqa: ANN401 - whatever the page answers
        return self.page.evaluate(script, argument)

    def set(self, **change: object) -> None:
        self.ask("(change) => kgExplorer.set(change)", change)

    @property
    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("() => kgExplorer.state()")
        return found

    @property
    def panel(self) -> str:
        return self.page.locator("#panel").inner_text()


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Shown]]:
    """Opens the explorer from a file, with the network cut, at an address."""
    contexts = []

    def shown(html: str, address: str = "", **options: object) -> Shown:
        settings: dict[str, object] = {"offline": True, "viewport": {"width": 1280, "height": 800}} | options
        context = browser.new_context(**settings)  # type: ignore[arg-type] # passed on as the test gives them
        contexts.append(context)
        page = context.new_page()
        found = Shown(page)
        page.add_init_script(
            "addEventListener('securitypolicyviolation', (event) => console.error('policy', event.violatedDirective))"
        )
        page.on("request", lambda request: found.requests.append(request.url))
        page.on("console", lambda message: found.faults.append(message.text))
        page.on("pageerror", lambda error: found.faults.append(str(error)))
        page.on("dialog", lambda dialog: found.faults.append(dialog.message))
        file = tmp_path / "explorer.html"
        file.write_text(html, encoding="utf-8")
        page.goto(f"{file.as_uri()}#{address}" if address else file.as_uri())
        page.wait_for_function("() => window.kgExplorer")
        return found

    yield shown
    for context in contexts:
        context.close()
