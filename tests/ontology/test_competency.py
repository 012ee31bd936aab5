"""The questions that the ontology must answer, on two engines, against answers worked out by hand."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from tests.ontology.engines import ONTOLOGY, Rows, oxigraph_answer, rdflib_answer

if TYPE_CHECKING:
    from pathlib import Path

QUESTIONS = sorted((ONTOLOGY / "competency").glob("*.rq"))
FEWEST = 22


def recorded(question: Path) -> Rows:
    with question.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_has_its_recorded_answer_on_both_engines(question: Path) -> None:
    query = question.read_text(encoding="utf-8")
    assert oxigraph_answer(query) == recorded(question)
    assert rdflib_answer(query) == recorded(question)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_is_asked_in_words_ordered_and_answered(question: Path) -> None:
    lines = question.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert lines[0].endswith("?")
    assert lines[1].startswith("# By hand: ")
    assert any(line.startswith("ORDER BY") for line in lines)
    assert len(recorded(question)) > 1


def test_there_are_questions_enough_and_each_answer_has_its_question() -> None:
    answers = {path.stem for path in (ONTOLOGY / "competency").glob("*.csv")}
    assert answers == {path.stem for path in QUESTIONS}
    assert len(QUESTIONS) >= FEWEST
    assert [path.stem[:4] for path in QUESTIONS] == [f"CQ{number:02}" for number in range(1, len(QUESTIONS) + 1)]
