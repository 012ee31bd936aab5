"""``kg match``: an article from a file or stdin, and what is no article."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from kg.cli.match import MAX_ARTICLE_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

ARTICLE = "A picture of a flooded street that was made with AI tools was shared as if it showed the hurricane."


def test_stdin_and_a_file_give_the_same_answer_and_json_holds_it_all(kg: Run, tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_text(ARTICLE, encoding="utf-8")
    told = kg("match", str(file), "--format", "json")
    piped = kg("match", "-", "--format", "json", stdin=ARTICLE.encode())
    assert (told.status, told.out) == (0, piped.out)
    found = json.loads(told.out)
    assert len(found["cases"]) == 3
    assert found["prose"] is False
    assert "holds no prose" in told.err
    text = kg("match", str(file), "--top", "1").out
    assert found["cases"][0]["incident"] in text
    assert found["techniques"][0]["technique"] in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"word " * (MAX_ARTICLE_BYTES // 5 + 1), "is longer than"),
        (b"caf\xe9 " * 20, "byte 3 is not UTF-8"),
        (b"Too short", "fewer than 5 words"),
        (None, "cannot be read"),
    ],
    ids=("long", "binary", "short", "missing"),
)
def test_what_is_no_article_is_told_with_its_remedy(kg: Run, tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "article"
    if content is not None:
        path.write_bytes(content)
    done = kg("match", str(path))
    assert (done.status, done.out) == (3, "")
    assert said in done.err
    assert done.err.count("\n") == 1


def test_a_match_is_evaluated_beside_popularity(kg: Run) -> None:
    done = kg("evaluate", "match", "--format", "csv")
    assert done.status == 0
    assert "titles,recall@10," in done.out
    assert "beats it" in done.err
