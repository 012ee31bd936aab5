"""Clones that the tests make themselves with git, out of fictional pages; some of them mean harm."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from kg.analysis.history import history_rows
from kg.archive import read_archive
from kg.chronicle import clone_history
from kg.errors import SourceError
from kg.lineage import Successor, Successors
from kg.sources import clone as plumbing
from kg.sources.clone import GitClone
from kg.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

END = "\n\nDO NOT EDIT ABOVE THIS LINE - PLEASE ADD NOTES BELOW"
INCIDENT = """# Incident I00001: Teapot panic

* **Summary:** x

* **incident type**: campaign

* **Year started:** 2016

* **Countries:** France , UK

* **Found via:**

* **Date added:** 2019-02-24


| Technique | Description given for this incident |
| --------- | ------------------------- |
"""


class Maker:
    """Makes a clone commit by commit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.day = 0
        folder.mkdir(exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        stamp = f"2022-01-{self.day + 1:02} 12:00:00 +0000"
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_DATE": stamp,
            "GIT_COMMITTER_DATE": stamp,
        }
        identity = ("-c", "user.name=maker", "-c", "user.email=maker@example.org", "-c", "core.autocrlf=false")
        done = subprocess.run(
            ["git", "-C", str(self.folder), *identity, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def commit(self, message: str = "x") -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        self.day += 1
        return self.git("rev-parse", "HEAD")


def technique(identifier: str, name: str, tactic: str = "TA01") -> str:
    return f"# Technique {identifier}: {name}\n\n* **Summary**: x\n\n* **Belongs to tactic stage**: {tactic}\n{END}"


def framework(maker: Maker, root: str, **names: str) -> None:
    """Write the pages of techniques and the index that lists them; pages of others stay, as upstream leaves them."""
    rows = ""
    for identifier, name in names.items():
        maker.write(f"{root}techniques/{identifier}.md", technique(identifier, name))
        rows += f'<tr>\n<td><a href="techniques/{identifier}.md">{identifier}</a></td>\n<td>{name}</td>\n</tr>\n'
    table = f'<table border="1">\n<tr>\n<th>disarm_id</th>\n<th>name</th>\n</tr>\n{rows}</table>\n'
    maker.write(f"{root}techniques_index.md", f"# DISARM Techniques:\n\n{table}")
    maker.write(f"{root}metatechniques_index.md", "# DISARM Metatechniques:\n")


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    """A history in four states, one of them under the root of an older layout."""
    made = Maker(tmp_path / "clone")
    framework(made, "", T0001="Whistle", T0002="Boil Water")
    made.write("incidents/I00001.md", f"{INCIDENT}| [T0001 Whistle](../techniques/T0001.md) | It whistled. |\n{END}")
    made.commit()
    made.write("notes.txt", "nothing of a release")
    made.commit()
    made.git("rm", "-rqf", "techniques", "incidents", "techniques_index.md", "metatechniques_index.md")
    framework(made, "generated_pages/", T0001="Hum", T0002="Boil water")
    made.write("generated_pages/incidents/I00001.md", f"{INCIDENT}| [T0001 Hum](x.md) | It hummed. |\n{END}")
    made.commit()
    framework(made, "generated_pages/", T0002="Boil water", T0003="Pour")
    made.write("generated_pages/incidents/I00001.md", f"{INCIDENT}| [T0003 Pour](x.md) | It was poured. |\n{END}")
    made.write("README.md", "# DISARM 1.7\n")
    made.commit()
    return made


def test_the_history_is_read_from_commits_alone(maker: Maker) -> None:
    before = maker.git("status", "--porcelain")
    history = clone_history(maker.folder)
    names = history.releases["1"]
    assert [name.rpartition("-")[0] for name in names[:2]] == ["2022-01-02", "2022-01-03"]
    assert names[2] == "1.7"
    told = {
        identifier: [(event.release, ", ".join(event.kinds)) for event in history.events(identifier)]
        for identifier in history.identifiers()
    }
    assert told == {
        "T0001": [(names[0], "added"), (names[1], "meaning-changed"), ("1.7", "retired")],
        "T0002": [(names[0], "added"), (names[1], "renamed")],
        "T0003": [("1.7", "added")],
    }
    assert history.by_identifier["T0001"][-1].standing == "left-over"
    successors = Successors([Successor("T0001", "x", "Whistle", "", "T0003", "related", 0.5, "reviewed", "heard", "")])
    # Another history calls the old meaning otherwise; its name tells that it is the same.
    followed = [row.successor for row in history_rows(history, successors, ["T0001"]) if row.successor]
    assert followed == ["T0003"]
    assert maker.git("status", "--porcelain") == before


def test_a_bare_clone_and_a_worktree_say_the_same(maker: Maker, tmp_path: Path) -> None:
    expected = clone_history(maker.folder)
    maker.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    maker.git("worktree", "add", "-q", "--detach", str(tmp_path / "tree"))
    assert clone_history(tmp_path / "bare.git").spans == expected.spans
    assert clone_history(tmp_path / "tree").spans == expected.spans


def test_tags_that_name_versions_are_the_releases(maker: Maker) -> None:
    first = maker.git("rev-list", "--max-parents=0", "HEAD")
    maker.git("tag", "v1.0", first)
    maker.git("tag", "-a", "-m", "x", "DISARM-1.2", "HEAD~1")
    maker.git("tag", "nightly", "HEAD")
    assert [release.name for release in GitClone(maker.folder).releases()] == ["1.0", "1.2", "1.7"]
    maker.git("tag", "1.7", "HEAD")
    assert [release.name for release in GitClone(maker.folder).releases()] == ["1.0", "1.2", "1.7"]


def test_an_archive_holds_each_release_as_published_and_believes_the_last(maker: Maker) -> None:
    archive = read_archive(maker.folder)
    assert (archive.releases[-1], len(archive.releases), archive.skipped) == ("1.7", 3, ())
    store = EmbeddedStore.from_nquads(archive.nquads)
    believed = store.select("SELECT ?t { ?i kg:usesTechnique ?t }").values()
    assert [(row[0] or "").rpartition("/")[2] for row in believed] == ["T0003"]
    published = store.select("SELECT ?g ?t { GRAPH ?g { ?i kg:usesTechnique ?t } } ORDER BY ?g").values()
    assert [tuple((cell or "").rpartition("/")[2] for cell in row) for row in published] == [
        ("1.7", "T0003"),
        (archive.releases[0], "T0001"),
        (archive.releases[1], "T0001"),
    ]
    assert read_archive(maker.folder).nquads == archive.nquads


def test_nothing_that_a_clone_brings_is_run(maker: Maker, tmp_path: Path) -> None:
    trap = tmp_path / "sprung"
    script = tmp_path / "trap.sh"
    script.write_text(f"#!/bin/sh\ntouch '{trap}'\ncat\n", encoding="utf-8")
    script.chmod(0o755)
    maker.write(".gitattributes", "*.md filter=trap diff=trap\n")
    maker.commit()
    hooks = maker.folder / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "reference-transaction", "fsmonitor-watchman", "post-index-change"):
        shutil.copy(script, hooks / name)
    for key in (
        *("core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "core.askPass", "core.gitProxy"),
        *("filter.trap.smudge", "filter.trap.clean", "filter.trap.process", "diff.trap.textconv", "diff.external"),
        *("pager.cat-file", "pager.rev-list", "alias.rev-list", "uploadpack.packObjectsHook", "gpg.program"),
    ):
        maker.git("config", key, str(script))
    maker.git("config", "remote.origin.url", f"ext::sh -c {script}")
    maker.git("config", "remote.origin.promisor", "true")
    maker.git("config", "core.hooksPath", str(hooks))
    assert clone_history(maker.folder).identifiers() == ["T0001", "T0002", "T0003"]
    assert read_archive(maker.folder).skipped == ()
    assert not trap.exists()


def test_a_missing_object_is_told_and_not_fetched(maker: Maker, tmp_path: Path) -> None:
    trap = tmp_path / "sprung"
    maker.git("config", "remote.origin.url", f"ext::sh -c 'touch {trap}'")
    maker.git("config", "remote.origin.promisor", "true")
    maker.git("config", "extensions.partialClone", "origin")
    maker.git("config", "protocol.ext.allow", "always")
    blob = maker.git("rev-parse", "HEAD:generated_pages/techniques/T0003.md")
    (maker.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(SourceError, match="missing or damaged"):
        clone_history(maker.folder)
    assert not trap.exists()


def test_links_and_oversized_files_are_left_out(maker: Maker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text(technique("T0009", "Secret"), encoding="utf-8")
    (maker.folder / "generated_pages" / "techniques" / "T0009.md").symlink_to(secret)
    maker.write("generated_pages/techniques/T0008.md", technique("T0008", "x" * 5000))
    maker.write("elsewhere/techniques/T0007.md", technique("T0007", "Elsewhere"))
    head = maker.commit()
    monkeypatch.setattr(plumbing, "MAX_BLOB_BYTES", 4000)
    files = GitClone(maker.folder).files(head)
    assert not [path for path in files if path.endswith(("T0009.md", "T0008.md", "T0007.md"))]
    assert "generated_pages/techniques/T0003.md" in files


def test_a_shallow_clone_says_so(maker: Maker, tmp_path: Path) -> None:
    maker.git("clone", "-q", "--depth", "1", f"file://{maker.folder}", str(tmp_path / "shallow"))
    assert GitClone(tmp_path / "shallow").shallow
    assert not GitClone(maker.folder).shallow
    assert clone_history(tmp_path / "shallow").releases["1"] == ("1.7",)


def test_a_history_that_is_too_long_is_refused(maker: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plumbing, "MAX_COMMITS", 2)
    with pytest.raises(SourceError, match="more than 2 commits"):
        clone_history(maker.folder)
    monkeypatch.setattr(plumbing, "MAX_COMMITS", 2000)
    monkeypatch.setattr(plumbing, "MAX_RELEASES", 2)
    with pytest.raises(SourceError, match="3 states of its pages; at most 2 are read"):
        clone_history(maker.folder)
    monkeypatch.setattr(plumbing, "MAX_RELEASES", 20)
    monkeypatch.setattr(plumbing, "MAX_FILES", 1)
    with pytest.raises(SourceError, match="pages in one commit; at most 1 are read"):
        clone_history(maker.folder)


def test_output_without_end_is_cut(maker: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    clone = GitClone(maker.folder)
    monkeypatch.setattr(plumbing, "MAX_OUTPUT", 40)
    with pytest.raises(SourceError, match="git gives more than 40 bytes"):
        clone.releases()


def test_a_git_that_never_ends_is_ended(maker: Maker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clone = GitClone(maker.folder)
    slow = tmp_path / "git"
    slow.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    slow.chmod(0o755)
    monkeypatch.setattr(clone, "_git", str(slow))
    monkeypatch.setattr(plumbing, "_SECONDS", 0.2)
    with pytest.raises(SourceError, match="git cannot read it"):
        clone.releases()


def test_what_is_no_clone_of_disarm_is_refused(tmp_path: Path, maker: Maker) -> None:
    with pytest.raises(SourceError, match="is no folder"):
        GitClone(tmp_path / "nowhere")
    inner = maker.folder / "generated_pages"
    with pytest.raises(SourceError, match="not a git repository"):
        GitClone(inner)
    empty = Maker(tmp_path / "empty")
    with pytest.raises(SourceError, match="git cannot read it"):
        clone_history(empty.folder)
    empty.write("README.md", "# Other\n")
    empty.commit()
    with pytest.raises(SourceError, match="no commit holds generated_pages/techniques"):
        clone_history(empty.folder)
    empty.write("techniques", "a file, and no folder of pages")
    empty.write("techniques_index.md", "\x00\xff <tr><td>T0001</td></tr>")
    empty.commit()
    with pytest.raises(SourceError, match="no page of a technique could be read"):
        clone_history(empty.folder)


def test_a_release_that_cannot_be_read_costs_the_others_nothing(maker: Maker) -> None:
    maker.git("rm", "-rqf", "generated_pages")
    maker.write("generated_pages/techniques/T0001.md", "no page at all")
    maker.commit()
    archive = read_archive(maker.folder)
    # Both of the last two states say they are 1.7; the last has the name, and cannot be read.
    assert archive.releases[-1].startswith("1.7-2022-01-04-")
    assert (len(archive.releases), len(archive.skipped)) == (3, 1)
    assert archive.skipped[0].startswith("1.7: not read (")


def test_what_the_last_release_of_a_clone_dropped_is_recovered_with_its_release(maker: Maker) -> None:
    # The page stays in 1.8 without its row: the only use is that of 1.7.
    maker.write("README.md", "# DISARM 1.8\n")
    maker.write("generated_pages/incidents/I00001.md", f"{INCIDENT}{END}")
    maker.commit()
    archive = read_archive(maker.folder)
    store = EmbeddedStore.from_nquads(archive.nquads)
    recovered = store.select(
        "SELECT ?technique ?release { GRAPH <https://w3id.org/disarm-kg/graph/recovered> { ?use a kg:TechniqueUse ; "
        "kg:technique ?t ; kg:fromRelease ?r ; kg:statedIn/kg:line ?line } "
        "BIND(REPLACE(STR(?t), '.*/', '') AS ?technique) BIND(REPLACE(STR(?r), '.*/', '') AS ?release) }"
    )
    assert list(recovered.values()) == [("T0003", "1.7")]
    assert not list(store.select("SELECT ?t { ?i kg:usesTechnique ?t }").values())
