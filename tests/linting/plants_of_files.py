"""One planted fault for every rule about files of other tools: code -> name and text of a file that trips it."""

from __future__ import annotations

import json
from pathlib import Path

FIXTURES = Path(__file__).parents[1] / "fixtures"


def _fixture(name: str) -> tuple[str, str]:
    path = FIXTURES / name
    return path.name, path.read_text(encoding="utf-8")


def _bundle(*objects: dict[str, object]) -> tuple[str, str]:
    return "bundle.json", json.dumps({"type": "bundle", "objects": objects})


_MATRIX, _EVENTS, _GALAXY = (_fixture(name) for name in ("matrix/teapots.csv", "misp/events.json", "misp/galaxy.json"))
_FRAMEWORK, _INCIDENTS = _fixture("stix/framework.json"), _fixture("stix/incidents.json")
_CAMPAIGN: dict[str, object] = {
    "type": "campaign",
    "id": "campaign--00000000-0000-4000-8000-000000000001",
    "name": "Tea",
}


def _framework(*relationships: tuple[int, int], tactic: str = "TA01") -> tuple[str, str]:
    """A bundle of three techniques, T0001, T0001.001 and T0002, of which the given ones are below another."""
    objects: list[dict[str, object]] = [
        {
            "type": "x-mitre-tactic",
            "id": "x-mitre-tactic--00000000-0000-4000-8000-000000000001",
            "name": "Plan Tea",
            "x_mitre_shortname": "plan-tea",
            "external_references": [{"source_name": "DISARM", "external_id": tactic}],
        }
    ]
    for number, code in enumerate(("T0001", "T0001.001", "T0002")):
        objects.append(
            {
                "type": "attack-pattern",
                "id": f"attack-pattern--00000000-0000-4000-8000-{number:012d}",
                "name": f"Tea {number}",
                "kill_chain_phases": [{"kill_chain_name": "disarm", "phase_name": "plan-tea"}],
                "external_references": [{"source_name": "DISARM", "external_id": code}],
            }
        )
    for number, (child, parent) in enumerate(relationships):
        objects.append(
            {
                "type": "relationship",
                "id": f"relationship--00000000-0000-4000-8000-{number:012d}",
                "relationship_type": "subtechnique-of",
                "source_ref": f"attack-pattern--00000000-0000-4000-8000-{child:012d}",
                "target_ref": f"attack-pattern--00000000-0000-4000-8000-{parent:012d}",
            }
        )
    return _bundle(*objects)


_COUNTERS = {
    "type": "disarm-countermeasures",
    "uuid": "5a3c0f2e-0000-4000-8000-00000000000b",
    "values": [
        {"value": "Pour it out", "uuid": "u1", "meta": {"external_id": "C00001", "kill_chain": ["sectors:Post"]}}
    ],
}

FILES: dict[str, tuple[str, str]] = {
    "ambiguous-name": ("pairs.csv", "incident,technique\nTea,T0146\nTea,Tea Party\n"),
    "bad-cell": _MATRIX,
    "bad-object": _FRAMEWORK,
    "bad-parent": _framework((1, 0), (1, 2)),
    "column-not-read": _MATRIX,
    "dangling-reference": _INCIDENTS,
    "draft-release": _framework((1, 0), tactic="TA19"),
    "duplicate-column": ("m.csv", "Name,T0002_a,T0146_b,T0002_c\nA,1,1,1\n"),
    "duplicate-incident": ("m.csv", "Name,T0002_a,T0146_b\nTea,1,0\nTea,0,1\n"),
    "duplicate-key": (
        "bundle.json",
        '{"type": "bundle", "type": "bundle", "objects": [' + json.dumps(_CAMPAIGN) + "]}",
    ),
    "duplicate-row": _EVENTS,
    "empty-cell": _MATRIX,
    "foreign-technique": _INCIDENTS,
    "formula-cell": _MATRIX,
    "links-not-followed": _GALAXY,
    "names-not-read": ("galaxy.json", json.dumps(_COUNTERS)),
    "no-date": _INCIDENTS,
    "no-name": ("m.csv", f"Name,Threat Actor,T0002_a,T0146_b\nTea,{'x' * 400},1,0\n"),
    "no-number": ("bundle.json", '{"type": "bundle", "x": NaN, "objects": [' + json.dumps(_CAMPAIGN) + "]}"),
    "no-parent": _FRAMEWORK,
    "no-use": _fixture("navigator/harbour.json"),
    "object-not-read": _INCIDENTS,
    "parent-differs": _framework((1, 2)),
    "repaired-date": ("m.csv", "Name,Year,T0002_a,T0146_b\nA,45292,1,0\n"),
    "ragged-row": ("m.csv", "Name,T0002_a,T0146_b\nA,1\n"),
    "repaired-cell": _MATRIX,
    "revoked-object": _INCIDENTS,
    "tags-not-read": _EVENTS,
    "title-differs": ("pairs.csv", "incident id,incident name,technique\nA1,Tea,T0146\nA1,Milk,T0002\n"),
    "uncertain-country": _MATRIX,
    "uncertain-name": ("m.csv", "Name,Threat Actor,T0002_a,T0146_b\nTea,Teapots*,1,0\n"),
    "unknown-object-type": _INCIDENTS,
    "unknown-tactic": _FRAMEWORK,
}

CLEAN_FILES: dict[str, str] = {
    "clean.csv": "Name,T0002_Facilitate State Propaganda,T0146_Account Asset\nTea,1,0\n",
    "pairs.csv": "incident,technique\nTea,T0146\n",
    "clean.json": json.dumps({"type": "bundle", "objects": [_CAMPAIGN]}),
}
