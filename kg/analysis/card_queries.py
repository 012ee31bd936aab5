"""The SPARQL behind cards: for each kind of thing its fields, prose and tables. ``$THIS`` is the thing."""

from __future__ import annotations

_LABEL = "?{0} skos:notation ?{0}_id ; skos:prefLabel ?{0}_name"


def _concepts(pattern: str, name: str = "x") -> str:
    """Ids and names of the concepts that ``pattern`` binds."""
    label = _LABEL.format(name)
    return f"SELECT ?{name}_id ?{name}_name WHERE {{ VALUES ?this {{ $THIS }} {pattern} {label} }} ORDER BY ?{name}_id"


def _values(expression: str) -> str:
    return f"SELECT ?value WHERE {{ VALUES ?this {{ $THIS }} {expression} }} ORDER BY ?value"


def _responses(link: str) -> tuple[tuple[str, str], ...]:
    """The counters and the detections that lead to a thing by one property."""
    return tuple(
        (words, _concepts(f"?x {link} ?this ; a kg:{kind} ."))
        for words, kind in (("counters", "Counter"), ("detections", "Detection"))
    )


_SEEN_IN = (
    "seen in incidents",
    """
        SELECT ?incident ?title
        WHERE { VALUES ?this { $THIS } ?this kg:seenIn ?i . ?i dcterms:identifier ?incident ; dcterms:title ?title }
        ORDER BY ?incident
    """,
)

_ACTS = "kg:attributedTo|kg:enabledBy"


def _incidents_of(*relations: tuple[str, str]) -> tuple[str, str]:
    """The incidents a named thing has to do with: how, and when."""
    how = " ".join(f'({predicate} "{relation}")' for predicate, relation in relations)
    query = f"""
        SELECT ?incident ?title ?relation ?year_of_the_act ?first_reported
        WHERE {{
        VALUES ?this {{ $THIS }} VALUES (?link ?relation) {{ {how} }}
        ?i ?link ?this ; dcterms:identifier ?incident ; dcterms:title ?title .
        OPTIONAL {{ ?i kg:yearStarted ?year_of_the_act }}
        OPTIONAL {{ ?i kg:datePublished ?first_reported }} }}
        ORDER BY ?relation ?incident
    """
    return "incidents", query


def _counted(title: str, path: str, pattern: str, variables: str) -> tuple[str, str]:
    """What the incidents on ``path`` to a named thing hold, with the number of incidents, most frequent first."""
    query = f"""
        SELECT {variables} (COUNT(DISTINCT ?i) AS ?incidents)
        WHERE {{ VALUES ?this {{ $THIS }} ?i {path} ?this . {pattern} }}
        GROUP BY {variables}
        ORDER BY DESC(?incidents) {variables}
    """
    return title, query


def _techniques_of(title: str, path: str) -> tuple[str, str]:
    pattern = "?i kg:usesTechnique ?t . ?t skos:notation ?technique ; skos:prefLabel ?name ."
    return _counted(title, path, pattern, "?technique ?name")


def _things_of(title: str, path: str, link: str) -> tuple[str, str]:
    return _counted(title, path, f"?i {link} ?x . ?x dcterms:identifier ?id ; skos:prefLabel ?name .", "?id ?name")


_NAMING = (
    ("also called", _values("?this skos:altLabel ?value")),
    ("kind", _values("?this kg:actorKind ?value")),
    ("country", _values("?this kg:countryCode ?value")),
    ("owner", _values("?this kg:owner ?value")),
    ("the same as", _values("?this skos:exactMatch ?value")),
    ("listed by", _values("?this dcterms:source ?value")),
)

FIELDS: dict[str, tuple[tuple[str, str], ...]] = {
    "incident": (
        ("type", _values("?this kg:incidentType ?value")),
        ("year of the act", _values("?this kg:yearStarted ?value")),
        ("year in the text", _values("?this kg:yearInText ?value")),
        ("first reported", _values("?this kg:datePublished ?value")),
        ("attributed to", _values("?this kg:attributedTo/skos:prefLabel ?value")),
        ("enabled by", _values("?this kg:enabledBy/skos:prefLabel ?value")),
        ("aligned with (no attribution)", _values("?this kg:alignedWith/skos:prefLabel ?value")),
        ("on platform", _values("?this kg:onPlatform/skos:prefLabel ?value")),
        ("target country", _values("?this kg:targetCountry/skos:prefLabel ?value")),
        ("found via", _values("?this kg:foundVia ?value")),
        ("added to DISARM", _values("?this kg:dateAdded ?value")),
    ),
    "technique": (
        ("tactic", _concepts("?this kg:tactic ?x .")),
        ("parent", _concepts("?this skos:broader ?x .")),
        (
            "incidents",
            "SELECT (COUNT(DISTINCT ?i) AS ?value) WHERE { VALUES ?this { $THIS } ?i kg:usesTechnique ?this }",
        ),
    ),
    "tactic": (
        ("phase", _concepts("?this kg:phase ?x .")),
        ("rank in the kill chain", _values("?this kg:rank ?value")),
    ),
    "phase": (("rank in the kill chain", _values("?this kg:rank ?value")),),
    "task": (("tactic", _concepts("?this kg:tactic ?x .")),),
    "counter": (
        ("tactic", _concepts("?this kg:tactic ?x .")),
        ("metatechnique", _concepts("?this kg:metatechnique ?x .")),
        ("response type", _concepts("?this kg:responseType ?x .")),
        ("sectors", _concepts("?this kg:sector ?x .")),
        ("resources", _values("?this kg:resourcesNeeded ?value")),
        ("playbooks", _values("?this kg:playbooks ?value")),
    ),
    "detection": (
        ("tactic", _concepts("?this kg:tactic ?x .")),
        ("response type", _concepts("?this kg:responseType ?x .")),
    ),
    "actor-type": (("sectors", _concepts("?this kg:sector ?x .")),),
    "category": (("group", _concepts("?this kg:group ?x .")), ("rank", _values("?this kg:rank ?value"))),
    "observation-type": (
        ("category", _concepts("?this kg:category ?x .")),
        ("parent", _concepts("?this skos:broader ?x .")),
    ),
    "assessment": (
        ("category", _concepts("?this kg:category ?x .")),
        ("parent", _concepts("?this skos:broader ?x .")),
    ),
    "actor": _NAMING,
    "platform": (("type", _concepts("?this kg:platformType ?x .")), *_NAMING),
    "country": _NAMING,
    "region": _NAMING,
    "organisation": _NAMING,
    "*": (
        (
            "read from",
            """
                SELECT ?path ?line
                WHERE {
                VALUES ?this { $THIS } ?this prov:wasDerivedFrom/kg:path ?path .
                OPTIONAL { ?this kg:line ?line } }
                ORDER BY ?path ?line
            """,
        ),
    ),
}

TEXTS: dict[str, tuple[str, ...]] = {
    "incident": (
        'SELECT ("summary" AS ?head) ?text WHERE { VALUES ?this { $THIS } ?this dcterms:description ?text }',
        """
            SELECT (CONCAT("passage ", ?id) AS ?head) ?text
            WHERE {
            VALUES ?this { $THIS } ?p kg:about ?this ; dcterms:identifier ?id ; rdf:value ?text }
            ORDER BY ?id
        """,
    ),
    "*": (
        """
            SELECT ("summary" AS ?head) ?text
            WHERE {
            VALUES ?this { $THIS } ?this a skos:Concept ; dcterms:description ?text }
        """,
    ),
}

SECTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "incident": (
        (
            "techniques",
            """
                SELECT ?technique ?name ?status (GROUP_CONCAT(DISTINCT ?kind;
                separator=", ") AS ?stated_in)
                WHERE {
                VALUES ?this { $THIS } ?use kg:incident ?this ; a kg:TechniqueUse ; kg:technique ?t ;
                kg:status ?status ; kg:statedIn ?evidence .
                ?t skos:notation ?technique ; skos:prefLabel ?name .
                ?evidence a ?class .
                FILTER(?class IN (kg:TableRow, kg:WorkbookRow, kg:Observation))
                BIND(IF(?class = kg:TableRow, "table", IF(?class = kg:WorkbookRow, "workbook", "inline")) AS ?kind) }
                GROUP BY ?technique ?name ?status
                ORDER BY ?status ?technique
            """,
        ),
        (
            "observations (techniques seen together in one act)",
            """
                SELECT ?passage ?start ?end ?techniques ?status
                WHERE {
                VALUES ?this { $THIS } ?o kg:ofIncident ?this ; kg:inPassage/dcterms:identifier ?passage ;
                kg:techniqueList ?techniques ; kg:status ?status ;
                oa:hasTarget/oa:hasSelector ?s .
                ?s oa:start ?start ; oa:end ?end }
                ORDER BY ?passage ?start
            """,
        ),
        (
            "named in its prose",
            """
                SELECT ?role ?name (GROUP_CONCAT(DISTINCT ?surface; separator=", ") AS ?written)
                (COUNT(DISTINCT ?m) AS ?places) (MAX(?sure) AS ?confidence) (MIN(?why) AS ?rule)
                WHERE {
                GRAPH <https://w3id.org/disarm-kg/graph/text> {
                VALUES ?this { $THIS } ?m kg:ofIncident ?this ; a kg:Mention ; kg:mentions ?thing ; kg:role ?role ;
                kg:surface ?surface ; kg:confidence ?sure ; kg:rule ?why }
                ?thing skos:prefLabel ?name }
                GROUP BY ?role ?name
                ORDER BY ?role ?name
            """,
        ),
        (
            "references",
            """
                SELECT ?date ?publisher ?author ?url ?archive
                WHERE {
                VALUES ?this { $THIS } ?this dcterms:references ?r .
                OPTIONAL { ?r schema:url ?url }
                OPTIONAL { ?r schema:datePublished ?date }
                OPTIONAL { ?r schema:publisher ?publisher }
                OPTIONAL { ?r schema:author ?author }
                OPTIONAL { ?r schema:archivedAt ?archive } }
                ORDER BY ?date ?url ?archive
            """,
        ),
    ),
    "technique": (
        ("sub-techniques", _concepts("?x skos:broader ?this .")),
        (
            "incidents",
            """
                SELECT ?incident ?title ?published ?stated_in ?file ?line
                WHERE {
                { SELECT ?incident ?title ?published (GROUP_CONCAT(DISTINCT ?kind;
                separator=", ") AS ?stated_in) (SAMPLE(?path) AS ?file) (MIN(?at) AS ?line)
                WHERE {
                VALUES ?this { $THIS } ?i kg:usesTechnique ?this ; dcterms:identifier ?incident ;
                dcterms:title ?title .
                OPTIONAL { ?i kg:datePublished ?published } ?use kg:incident ?i ; a kg:TechniqueUse ;
                kg:technique ?this ; kg:statedIn ?evidence .
                ?evidence a ?class ; prov:wasDerivedFrom/kg:path ?path ; kg:line ?at .
                FILTER(?class IN (kg:TableRow, kg:WorkbookRow, kg:Observation))
                BIND(IF(?class = kg:TableRow, "table", IF(?class = kg:WorkbookRow, "workbook", "inline")) AS ?kind) }
                GROUP BY ?incident ?title ?published } }
                ORDER BY ?incident
            """,
        ),
        ("associated techniques", _concepts("{ ?this kg:associatedWith ?x } UNION { ?x kg:associatedWith ?this }")),
        ("counters", _concepts("?x kg:counters ?this .")),
        ("detections", _concepts("?x kg:detects ?this .")),
    ),
    "tactic": (
        (
            "techniques",
            """
                SELECT ?technique ?name (COUNT(DISTINCT ?i) AS ?incidents)
                WHERE {
                VALUES ?this { $THIS } ?t kg:tactic ?this ; a kg:Technique ; skos:notation ?technique ;
                skos:prefLabel ?name .
                OPTIONAL { ?i kg:usesTechnique ?t } }
                GROUP BY ?technique ?name
                ORDER BY ?technique
            """,
        ),
        ("tasks", _concepts("?x kg:tactic ?this ; a kg:Task .")),
        ("counters", _concepts("?x kg:tactic ?this ; a kg:Counter .")),
        ("detections", _concepts("?x kg:tactic ?this ; a kg:Detection .")),
    ),
    "phase": (("tactics", _concepts("?x kg:phase ?this .")),),
    "group": (("categories", _concepts("?x kg:group ?this .")),),
    "category": (("observation types and assessments", _concepts("?x kg:category ?this .")),),
    "observation-type": (("below it", _concepts("?x skos:broader ?this .")),),
    "assessment": (("below it", _concepts("?x skos:broader ?this .")),),
    "counter": (
        ("counters techniques and tactics", _concepts("?this kg:counters ?x .")),
        ("actor types", _concepts("?this kg:actorType ?x .")),
        _SEEN_IN,
    ),
    "detection": (
        ("detects techniques and tactics", _concepts("?this kg:detects ?x .")),
        ("actor types", _concepts("?this kg:actorType ?x .")),
        _SEEN_IN,
    ),
    "metatechnique": _responses("kg:metatechnique"),
    "response-type": _responses("kg:responseType"),
    "actor-type": _responses("kg:actorType"),
    "actor": (
        _incidents_of(("kg:attributedTo", "attributed to it"), ("kg:enabledBy", "enabled by it")),
        _techniques_of("techniques", _ACTS),
        _things_of("platforms", _ACTS, "kg:onPlatform"),
        _things_of("target countries", _ACTS, "kg:targetCountry"),
    ),
    "platform": (
        _incidents_of(("kg:onPlatform", "on it")),
        _techniques_of("techniques", "kg:onPlatform"),
        _things_of("actors", "kg:onPlatform", _ACTS),
    ),
    "country": (
        _incidents_of(
            ("kg:attributedTo", "attributed to it"),
            ("kg:alignedWith", "aligned with it (no attribution)"),
            ("kg:targetCountry", "aimed at it"),
        ),
        _techniques_of("techniques of what is attributed to it", "kg:attributedTo"),
        _techniques_of("techniques of what is aimed at it", "kg:targetCountry"),
    ),
    "sector": (("actor types", _concepts("?x kg:sector ?this ; a kg:ActorType .")),),
    "*": (
        (
            "findings",
            """
                SELECT ?code ?file ?line ?message ?fix
                WHERE {
                GRAPH <https://w3id.org/disarm-kg/graph/findings> {
                VALUES ?this { $THIS } ?f sh:focusNode ?this ; a kg:Finding ; kg:code ?code ; kg:path ?file
                ; sh:resultMessage ?message .
                OPTIONAL { ?f kg:line ?line }
                OPTIONAL { ?f kg:fix ?fix } } }
                ORDER BY ?file ?line ?code ?message
            """,
        ),
    ),
}
