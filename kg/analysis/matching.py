"""Have I seen this before? One article against all incidents: the like cases, and the techniques that they held.

A text is its words, each weighed by how often it stands in the text and how few texts it stands in (tf-idf); the
likeness of two texts is the cosine of the angle between them. The :data:`NEIGHBOURS` incidents most like the article
vote for the techniques they hold, each with the weight of its likeness. Ids of techniques, and the groups that tag
them, are taken out of every text first: they are the answer, not the evidence. The names of its techniques are words
of an incident; where a source holds no prose, they and the titles are all there is to compare with.
:func:`evaluate_matching` tells what either is worth.

References:
    Salton, G. and Buckley, C. (1988). Term-weighting approaches in automatic text retrieval. Information Processing &
    Management 24(5).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from kg.analysis.evaluation import Evaluated, near_duplicates, ranks_of, scores_of
from kg.analysis.search import folded
from kg.analysis.suggestion import Suggestion, training_of
from kg.errors import KgError
from kg.text.groups import find_mentions, parse_groups
from kg.text.plain import plain_text
from kg.text.prose import blanked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from kg.analysis.suggestion import Matrix
    from kg.incidence import Incidence
    from kg.store.protocol import TripleStore

NEIGHBOURS = 10
"""How many of the incidents most like an article vote for techniques."""

LEAST_WORDS = 5
"""An article of fewer words says too little to be compared."""

_TELLING, _COMMON = 6, 10
"""How many words say why a case is alike; those of more than one text in so many are not among them."""
_SUPPORTING = 5
_TIE = 1e-9
_LEAST = 3
_TEXTS = """
    SELECT DISTINCT ?id ?title ?text ?prose WHERE {
      ?i a kg:Incident ; dcterms:identifier ?id ; dcterms:title ?title .
      { ?i dcterms:title ?text BIND(false AS ?prose) }
      UNION { ?i dcterms:description ?text BIND(true AS ?prose) }
      UNION {
        ?passage kg:about ?i ; rdf:value ?text BIND(true AS ?prose)
        FILTER NOT EXISTS { ?line kg:passage ?passage ; kg:incident ?i ; kg:placement "suspect" }
      }
    } ORDER BY ?id ?prose ?text
"""


@dataclass(frozen=True, slots=True)
class LikeCase:
    """An incident like the article.

    Attributes:
        incident: Its id.
        title: Its title.
        similarity: Cosine of the two texts, 0 to 1.
        words: The words of both that weigh most: why it is alike.
        techniques: Ids of what it holds.
    """

    incident: str
    title: str
    similarity: float
    words: tuple[str, ...]
    techniques: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """What an article is like.

    Attributes:
        prose: Whether incidents are compared by their prose; by their titles alone otherwise.
        compared: With how many incidents.
        tagged: Ids of techniques that the article names itself, but does not deny.
        cases: The incidents most like it, the most alike first.
        techniques: What those hold, the likeliest first.
    """

    prose: bool
    compared: int
    tagged: tuple[str, ...]
    cases: tuple[LikeCase, ...]
    techniques: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of the incidents of a graph.

    Attributes:
        titles: Id of an incident -> its title.
        told: Id of an incident -> its title and its prose, each once.
        prose: Whether any of them has prose.
    """

    titles: Mapping[str, str]
    told: Mapping[str, str]
    prose: bool


def texts_of(store: TripleStore) -> Texts:
    """The titles, summaries and passages of the incidents of a graph, in the order of their ids."""
    titles: dict[str, str] = {}
    told: defaultdict[str, list[str]] = defaultdict(list)
    prose = False
    for identifier, title, text, is_prose in store.select(_TEXTS).values():
        titles[identifier or ""] = title or ""
        told[identifier or ""].append(text or "")
        prose = prose or is_prose == "true"
    return Texts(titles, {name: "\n".join(parts) for name, parts in told.items()}, prose)


class TextIndex:
    """Texts as unit vectors of weighed words, ready to be compared with another."""

    def __init__(self, texts: Sequence[str]) -> None:
        """From texts; a word that stands in all of them weighs nothing."""
        counted = [word_counts(text) for text in texts]
        self._place = {word: at for at, word in enumerate(sorted({word for counts in counted for word in counts}))}
        raw = self._rows(counted)
        holding = np.asarray((raw > 0).sum(axis=0), dtype=np.float64).ravel()
        self._rarity = np.log(max(1, len(counted)) / np.maximum(holding, 1.0))
        self._vectors = self._unit(raw)

    def likeness(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """Cosines, 0 to 1, of shape (texts asked, texts held); words that are held nowhere count for nothing."""
        asked = self._unit(self._rows([word_counts(text) for text in texts]))
        return np.asarray((asked @ self._vectors.T).todense())

    def telling(self, text: str, at: int) -> tuple[str, ...]:
        """The words that a text shares with the held text at a place, those that bring it nearest first."""
        asked = self._unit(self._rows([word_counts(text)]))
        shared = sparse.coo_array(asked * self._vectors[[at]])
        words = list(self._place)
        order = np.lexsort((shared.col, -shared.data)).tolist()
        told = [words[column] for column in shared.col[order] if self._rarity[column] > np.log(_COMMON)]
        return tuple(told[:_TELLING])

    def _rows(self, counted: Sequence[Counter[str]]) -> Matrix:
        rows: list[int] = []
        columns: list[int] = []
        weights: list[float] = []
        for row, counts in enumerate(counted):
            for word, number in counts.items():
                if (column := self._place.get(word)) is not None:
                    rows.append(row)
                    columns.append(column)
                    weights.append(1.0 + math.log(number))
        shape = (len(counted), len(self._place))
        return sparse.csr_array((np.array(weights), (np.array(rows, np.intp), np.array(columns, np.intp))), shape=shape)

    def _unit(self, raw: Matrix) -> Matrix:
        weighed = sparse.csr_array(raw * self._rarity[None, :])
        lengths = np.sqrt(np.asarray((weighed * weighed).sum(axis=1)).ravel())
        return sparse.csr_array(weighed / np.maximum(lengths, 1e-12)[:, None])


def word_counts(text: str) -> Counter[str]:
    """The words of a text as they are compared, without techniques' ids and the groups that tag them.

    >>> sorted(word_counts("Bots posted (T0115: Post Content) posts of T0146 bots").items())
    [('bot', 2), ('of', 1), ('post', 1), ('posted', 1)]
    """
    spans = [(group.start, group.end) for group in parse_groups(text)[0]]
    spans += [(mention.start, mention.end) for mention in find_mentions(text)]
    return Counter(folded(blanked(text, spans)).split())


def match(store: TripleStore, table: Incidence, article: str, *, most: int = 3, techniques: int = 10) -> Matched:
    """The incidents most like an article, and the techniques that these hold; ties by id.

    Args:
        store: The graph.
        table: Which incident holds which technique.
        article: Its text; a little HTML and Markdown, as DISARM has them, is read as the text that a reader sees.
        most: How many incidents to name, 1 or more.
        techniques: How many techniques to name, 1 or more.

    Raises:
        KgError: the article holds fewer than :data:`LEAST_WORDS` words, or the graph no incident.
    """
    plain = plain_text(article)
    if word_counts(plain).total() < LEAST_WORDS:
        raise KgError(f"article: holds fewer than {LEAST_WORDS} words; give its text")
    if most < 1 or techniques < 1:
        raise KgError(f"match: {most} incidents and {techniques} techniques; give 1 or more of both")
    texts = texts_of(store)
    if not texts.told:
        raise KgError("match: this graph holds no incident to compare with; open a source that does")
    names = list(texts.told)
    held = _held(table)
    index = TextIndex([_with_names(texts.told[name], held.get(name, ()), table) for name in names])
    cosines = index.likeness([plain])[0]
    order = np.lexsort((np.arange(len(names)), -cosines))[:most]
    cases = tuple(
        LikeCase(
            names[at], texts.titles[names[at]], float(cosines[at]), index.telling(plain, at), held.get(names[at], ())
        )
        for at in order.tolist()
        if cosines[at] > 0
    )
    groups, loose = parse_groups(plain)
    tagged = [mention.technique for group in groups for mention in group.mentions]
    tagged += [one.mention.technique for one in loose if not one.negated]
    own = dict(zip(names, cosines.tolist(), strict=True))
    likeness = np.array([own.get(unit, 0.0) for unit in table.units])
    indicated = _indicated(table, likeness, techniques)
    return Matched(texts.prose, len(names), tuple(sorted(set(tagged))), cases, indicated)


def _held(table: Incidence) -> dict[str, tuple[str, ...]]:
    held: defaultdict[str, list[str]] = defaultdict(list)
    for unit, technique in zip(table.unit_index.tolist(), table.technique_index.tolist(), strict=True):
        held[table.units[unit]].append(table.techniques[technique])
    return {unit: tuple(sorted(names)) for unit, names in held.items()}


def _with_names(text: str, techniques: Iterable[str], table: Incidence) -> str:
    return "\n".join((text, *(table.labels.get(name, "") for name in techniques)))


def _votes(matrix: Matrix, likeness: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The score of each technique, and the places of the units that voted, the most alike first."""
    voters = np.lexsort((np.arange(len(likeness)), -likeness))[:NEIGHBOURS]
    voters = voters[likeness[voters] > 0]
    return np.asarray(likeness[voters] @ matrix[voters]).ravel(), voters


def _indicated(table: Incidence, likeness: NDArray[np.float64], most: int) -> tuple[Suggestion, ...]:
    if not table.units:
        return ()
    training = training_of(table)
    scores, voters = _votes(training.matrix, likeness)
    total = max(float(likeness[voters].sum()), 1e-12)
    order = np.lexsort((np.arange(len(scores)), -training.margins, -scores))[:most]
    found = []
    for at in order.tolist():
        behind = [int(unit) for unit in voters if training.matrix[unit, at]]
        if behind:
            name = table.techniques[at]
            supporting = tuple(table.units[unit] for unit in behind[:_SUPPORTING])
            label, share = table.labels.get(name, name), float(scores[at] / total)
            found.append(Suggestion(name, label, share, float(training.prior[at]), len(behind), supporting))
    return tuple(found)


def evaluate_matching(
    store: TripleStore, table: Incidence, *, linked: Sequence[tuple[int, int]] = (), seed: int = 0
) -> Evaluated:
    """How well the techniques of each incident are found from its text alone, beside popularity.

    The title and prose of each incident that holds techniques are the article once; the incident and its group (see
    :func:`kg.analysis.evaluation.near_duplicates`) neither vote nor count for popularity. The rarity of words is that
    of all texts.

    Args:
        store: The graph.
        table: Which incident holds which technique; its unit is the incident.
        linked: Pairs of places of units that must not be told apart.
        seed: Of the bootstrap.

    Raises:
        KgError: the unit is no incident, or fewer than three incidents with techniques have a text.
    """
    if table.unit != "incident":
        raise KgError(f"match: compares incidents; the unit is {table.unit!r}")
    texts = texts_of(store)
    training = training_of(table)
    asked = [at for at, unit in enumerate(table.units) if unit in texts.told]
    if len(asked) < _LEAST:
        raise KgError(f"evaluate: {len(asked)} incidents with techniques have a text; three are needed")
    groups = near_duplicates(training, linked)
    told = [texts.told.get(unit, "") for unit in table.units]
    held = _held(table)
    named = [_with_names(text, held.get(unit, ()), table) for text, unit in zip(told, table.units, strict=True)]
    cosines = TextIndex(named).likeness(told)
    ranks: defaultdict[str, list[NDArray[np.int64]]] = defaultdict(list)
    for at in asked:
        others = groups != groups[at]
        hidden = training.matrix.indices[training.matrix.indptr[at] : training.matrix.indptr[at + 1]]
        frequent = np.asarray(others.astype(np.float64) @ training.matrix).ravel()
        scores, _ = _votes(training.matrix, np.where(others, cosines[at], 0.0))
        ranks["popularity"].append(ranks_of(frequent)[hidden])
        ranks["text" if texts.prose else "titles"].append(ranks_of(scores + _TIE * frequent)[hidden])
    owner = groups[np.array(asked)]
    scored = scores_of(ranks, owner, np.random.default_rng(seed))
    return Evaluated("incident", len(asked), len(asked), len(np.unique(owner)), len(table.techniques), tuple(scored))
