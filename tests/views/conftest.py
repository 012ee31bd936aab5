from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import networkx as nx
import pyoxigraph as ox
import pytest

from kg.rdf.namespaces import PREFIXES
from kg.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

# Three incidents. T0001 + T0002 occur together in all of them, T0001 + T0003 and T0002 + T0003 in one, T0004 in none.
FACTS = """
<id:release/9.9> a kg:Release ; owl:versionInfo "9.9" .
<id:phase/P01> a kg:Phase ; dcterms:identifier "P01" ; skos:prefLabel "Plan"@en ; kg:rank 1 .
tactic:TA02 a kg:Tactic ; dcterms:identifier "TA02" ; skos:prefLabel "Sail"@en ; kg:rank 2 ; kg:phase <id:phase/P01> .
tactic:TA09 a kg:Tactic ; dcterms:identifier "TA09" ; skos:prefLabel "Fold"@en ; kg:rank 1 ; kg:phase <id:phase/P01> .
disarm:T0001 a kg:Technique ; dcterms:identifier "T0001" ; skos:prefLabel "Boats"@en ; kg:tactic tactic:TA02 .
disarm:T0002 a kg:Technique ; dcterms:identifier "T0002" ; skos:prefLabel "Kites"@en ; kg:tactic tactic:TA09 .
disarm:T0003 a kg:Technique ; dcterms:identifier "T0003" ; skos:prefLabel "Hats"@en ; kg:tactic tactic:TA09 .
disarm:T0004 a kg:Technique ; dcterms:identifier "T0004" ; skos:prefLabel "Lamps"@en ; kg:tactic tactic:TA09 .
disarm:T0004.001 a kg:Technique ; dcterms:identifier "T0004.001" ; skos:prefLabel "Oil Lamps"@en ;
  kg:tactic tactic:TA09 ; skos:broader disarm:T0004 .
incident:I00001 a kg:Incident ; dcterms:identifier "I00001" ; dcterms:title "Regatta" ;
  kg:usesTechnique disarm:T0001, disarm:T0002, disarm:T0003 .
incident:I00002 a kg:Incident ; dcterms:identifier "I00002" ; dcterms:title "Storm" ;
  kg:usesTechnique disarm:T0001, disarm:T0002 .
incident:I00003 a kg:Incident ; dcterms:identifier "I00003" ; dcterms:title "Calm" ;
  kg:usesTechnique disarm:T0001, disarm:T0002 .
"""


@pytest.fixture(scope="session")
def store() -> EmbeddedStore:
    head = "".join(f"@prefix {prefix}: <{name}> .\n" for prefix, name in PREFIXES.items())
    text = head + FACTS.replace("<id:", f"<{PREFIXES['id']}")
    return EmbeddedStore.from_quads(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))


@pytest.fixture
def dense() -> nx.Graph[str]:
    """120 nodes in twelve groups, a hub among them, with strengths from 1 to 9."""
    network: nx.Graph[str] = nx.Graph(name="Dense")
    for index in range(120):
        network.add_node(f"N{index:03}", label=f"Number {index} of many", group=f"G{index % 12}", count=1 + index % 40)
    for index in range(1, 120):
        network.add_edge("N000", f"N{index:03}", weight=1 + index % 9)
        network.add_edge(f"N{index:03}", f"N{index * 7 % 120:03}", weight=1 + index % 5)
    network.remove_edges_from(list(nx.selfloop_edges(network)))
    return network


@dataclass
class Opened:
    """A page in the browser with everything that went wrong or out while it was open."""

    page: Page
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """Opens HTML from a file, with the network cut."""
    contexts = []

    def opened(html: str, **options: object) -> Opened:
        settings: dict[str, object] = {"offline": True, "viewport": {"width": 1280, "height": 800}} | options
        context = browser.new_context(**settings)  # type: ignore[arg-type] # passed on as the test gives them
        contexts.append(context)
        page = context.new_page()
        found = Opened(page)
        page.add_init_script(
            "addEventListener('securitypolicyviolation', (event) => console.error('policy', event.violatedDirective))"
        )
        page.on("request", lambda request: found.requests.append(request.url))
        page.on("console", lambda message: found.faults.append(message.text))
        page.on("pageerror", lambda error: found.faults.append(str(error)))
        page.on("dialog", lambda dialog: found.faults.append(dialog.message))
        file = tmp_path / "page.html"
        file.write_text(html, encoding="utf-8")
        page.goto(file.as_uri())
        page.wait_for_function("() => window.kgPage && kgPage.state().scale > 0")
        return found

    yield opened
    for context in contexts:
        context.close()
