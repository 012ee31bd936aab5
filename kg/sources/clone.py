"""A git clone of DISARM, read with git's plumbing: nothing is checked out, and nothing that the clone brings is run.

A clone is a stranger's folder. Its configuration, hooks, filters and attributes are switched off or not asked for, no
remote is contacted, and what git prints is read to a limit and no further.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MAX_COMMITS = 20_000
"""The longest history that is read; that of DISARM has some 700 commits."""

MAX_RELEASES = 500
MAX_FILES = 20_000
MAX_BLOB_BYTES = 16 * 1024 * 1024
MAX_OUTPUT = 256 * 1024 * 1024
_SECONDS = 120

_OFF = (
    *("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", f"core.attributesFile={os.devnull}"),
    *("-c", "protocol.allow=never", "-c", "core.commitGraph=false", "-c", "log.showSignature=false"),
    # Whose folder it is matters where git would run what stands in its configuration; all of that is off.
    *("-c", "safe.directory=*", "--no-pager", "--no-replace-objects", "--no-optional-locks", "--literal-pathspecs"),
)
_FOLDERS = "phases|tactics|techniques|tasks|counters|metatechniques|actors|actortypes|incidents"
_WANTED = re.compile(
    rf"(?:generated_pages/)?(?:(?:{_FOLDERS})/[^/\\:]+\.md|\w+_index\.md)|README\.md"
    r"|[A-Z]+_MASTER_DATA/[A-Z]+_(?:DATA|FRAMEWORKS)_MASTER\.xlsx|generated_files/DISARM_STIX/DISARM\.json"
)
_STATE = ("techniques_index.md", "techniques")
_INCIDENTS = ("incidents_index.md", "incidents")
_ROOTS = ("generated_pages/", "")
_TAG = re.compile(r"(?:disarm|amitt|release|version|v)?[-_ /]?(?P<version>\d+(?:\.\d+)+(?:[-.]?\w+)?)", re.IGNORECASE)
_README_VERSION = re.compile(rb"\s*#\s*DISARM\s+(\d+\.\d+)\b")
_OBJECT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class CloneRelease:
    """One state of the clone that counts as a release: its name, its commit, and the day of it, ISO 8601."""

    name: str
    commit: str
    date: str


class Blob(NamedTuple):
    """A file of a commit: its object and its size in bytes."""

    oid: str
    size: int


class GitClone:
    """An open clone, bare or not.

    Args:
        path: Its folder.

    Raises:
        SourceError: git is not installed, or the folder is no clone.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._git = shutil.which("git") or ""
        if not self._git:
            raise SourceError("git: is not installed; install it to read the history of a clone")
        if not path.is_dir():
            raise SourceError(f"{path}: is no folder; give a git clone of DISARM")
        found = self._run("-C", str(path), "rev-parse", "--absolute-git-dir", folder=False)
        self._folder = os.fsdecode(found).strip()
        self.shallow = self._run("rev-parse", "--is-shallow-repository").strip() == b"true"

    def _run(self, *arguments: str, folder: bool = True, given: bytes = b"") -> bytes:
        where = [f"--git-dir={self._folder}"] if folder else []
        with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as said:
            asked.write(given)
            asked.seek(0)
            git = subprocess.Popen(  # noqa: S603 - no shell, and every argument is ours or an object id
                [self._git, *_OFF, *where, *arguments],
                stdin=asked,
                stdout=subprocess.PIPE,
                stderr=said,
                env=self._environment(),
            )
            late = threading.Timer(_SECONDS, git.kill)
            late.start()
            with git:
                try:
                    out = git.stdout.read(MAX_OUTPUT + 1) if git.stdout is not None else b""
                    if len(out) > MAX_OUTPUT:
                        git.kill()
                    status = git.wait()
                finally:
                    late.cancel()
                    git.kill()
            said.seek(0)
            told = said.read(10_000).decode("utf-8", "replace").strip().splitlines()
        return self._judged(out, status, told)

    def _judged(self, out: bytes, status: int, told: list[str]) -> bytes:
        if len(out) > MAX_OUTPUT:
            raise SourceError(f"{self.path}: git gives more than {MAX_OUTPUT:,} bytes; give a clone of DISARM alone")
        if status != 0:
            why = told[-1].removeprefix("fatal: ")[:120] if told else f"status {status}, after at most {_SECONDS} s"
            raise SourceError(f"{self.path}: git cannot read it ({why}); give a clone of DISARM with its history")
        return out

    def _environment(self) -> dict[str, str]:
        """Nothing of the user's or the system's configuration, no prompt, no network, no parent folder's repository."""
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP", "TMP") if name in os.environ}
        return {
            **kept,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_ALLOW_PROTOCOL": "",
            "GIT_CEILING_DIRECTORIES": str(self.path.resolve().parent),
            "LC_ALL": "C",
        }

    def releases(self, *, incidents: bool = False) -> tuple[CloneRelease, ...]:
        """The states that count as releases, in their order.

        Where tags name versions, these are they, and the last commit where it is not tagged. Else each state of the
        techniques is one, at the last commit that has it; a README that names a version names the last of its states.

        Args:
            incidents: Take each state of the incidents as well.

        Raises:
            SourceError: No commit holds pages of DISARM, or there are too many.
        """
        commits = self._commits()
        keys = self._keys(commits, (*_STATE, *_INCIDENTS) if incidents else _STATE)
        states = [
            commit
            for position, (commit, key) in enumerate(zip(commits, keys, strict=True))
            if any(key) and (position + 1 == len(commits) or keys[position + 1] != key)
        ]
        if not states:
            raise SourceError(f"{self.path}: no commit holds generated_pages/techniques; give a clone of DISARM")
        tagged = self._tags()
        if tagged:
            last = states[-1]
            more = [] if last[1] in {release.commit for release in tagged} else self._named([last], tagged)
            return (*tagged, *more)
        if len(states) > MAX_RELEASES:
            raise SourceError(f"{self.path}: {len(states):,} states of its pages; at most {MAX_RELEASES} are read")
        return tuple(self._named(states, ()))

    def _commits(self) -> list[tuple[int, str]]:
        """Time and id of each commit of the first-parent history, the oldest first."""
        listed = self._run("rev-list", "--first-parent", "--timestamp", f"--max-count={MAX_COMMITS + 1}", "HEAD")
        found = [(int(time), commit) for time, commit in (line.split() for line in listed.decode().splitlines())]
        if len(found) > MAX_COMMITS:
            raise SourceError(f"{self.path}: more than {MAX_COMMITS:,} commits; give a clone of DISARM alone")
        return found[::-1]

    def _keys(self, commits: Iterable[tuple[int, str]], names: tuple[str, ...]) -> list[tuple[str, ...]]:
        """For each commit the objects under these names; empty where it has none."""
        specs = [f"{commit}:{root}{name}" for _, commit in commits for root in _ROOTS for name in names]
        found = [blob.oid if blob else "" for blob in self._check(specs)]
        width = len(_ROOTS) * len(names)
        return [tuple(found[start : start + width]) for start in range(0, len(found), width)]

    def _check(self, specs: list[str]) -> list[Blob | None]:
        out = self._run("cat-file", "--batch-check=%(objectname) %(objectsize)", given="\n".join(specs).encode())
        lines = out.decode("utf-8", "replace").splitlines()
        parts = [line.split(" ") for line in lines]
        return [
            Blob(part[0], int(part[1])) if len(part) == 2 and _OBJECT.fullmatch(part[0]) else None  # noqa: PLR2004 - id and size
            for part in parts
        ]

    def _tags(self) -> list[CloneRelease]:
        form = "%(refname:strip=2)%00%(objectname)%00%(*objectname)"
        found: dict[str, tuple[int, CloneRelease]] = {}
        for line in self._run("for-each-ref", f"--format={form}", "refs/tags").decode("utf-8", "replace").splitlines():
            name, direct, peeled = line.split("\0")
            match, commit = _TAG.fullmatch(name), peeled or direct
            if match is None or not any(self._keys([(0, commit)], _STATE)[0]):
                continue
            time = int(self._run("rev-list", "--timestamp", "--max-count=1", commit).split()[0])
            found.setdefault(commit, (time, CloneRelease(match["version"], commit, _day(time))))
        return [release for _, release in sorted(found.values(), key=lambda pair: (pair[0], pair[1].name))]

    def _named(self, states: list[tuple[int, str]], before: Iterable[CloneRelease]) -> list[CloneRelease]:
        """Releases with a name each: the version of the README for the last that has it, else day and commit."""
        readmes = self._check([f"{commit}:README.md" for _, commit in states])
        texts = {blob.oid: text for blob, text in self.blobs({each for each in readmes if each is not None})}
        versions = []
        for blob in readmes:
            match = _README_VERSION.match(texts.get(blob.oid, b"")) if blob is not None else None
            versions.append(match[1].decode() if match is not None else "")
        taken = {release.name for release in before}
        found = []
        for position, (time, commit) in enumerate(states):
            version = versions[position]
            plain = version and version not in versions[position + 1 :] and version not in taken
            name = version if plain else "-".join(filter(None, (version, _day(time), commit[:7])))
            found.append(CloneRelease(name, commit, _day(time)))
        return found

    def files(self, commit: str) -> dict[str, Blob]:
        """The files of a commit that belong to a release, by path; links and oversized ones are left out.

        Raises:
            SourceError: There are too many.
        """
        if not _OBJECT.fullmatch(commit):
            raise SourceError(f"{self.path}: {commit[:40]!r} is no id of a commit")
        found: dict[str, Blob] = {}
        for entry in self._run("ls-tree", "-r", "-z", "--long", "--full-tree", commit).split(b"\0"):
            head, _, raw = entry.partition(b"\t")
            path = os.fsdecode(raw)
            if not head.startswith((b"100644 ", b"100755 ")) or not _WANTED.fullmatch(path):
                continue
            _, _, oid, size = head.decode().split()
            if not size.isdigit():
                raise SourceError(f"{self.path}: {path} is missing or damaged in {commit[:7]}; run 'git fsck'")
            if int(size) <= MAX_BLOB_BYTES:
                found[path] = Blob(oid, int(size))
        if len(found) > MAX_FILES:
            raise SourceError(f"{self.path}: {len(found):,} pages in one commit; at most {MAX_FILES:,} are read")
        return found

    def blobs(self, wanted: Iterable[Blob]) -> Iterator[tuple[Blob, bytes]]:
        """The bytes of files, each object once."""
        by_id = {blob.oid: blob for blob in wanted}
        waiting: list[Blob] = []
        size = 0
        for blob in sorted(by_id.values()):
            if waiting and size + blob.size > MAX_OUTPUT // 4:
                yield from self._batch(waiting)
                waiting, size = [], 0
            waiting.append(blob)
            size += blob.size
        yield from self._batch(waiting)

    def _batch(self, blobs: list[Blob]) -> Iterator[tuple[Blob, bytes]]:
        if not blobs:
            return
        out = self._run("cat-file", "--batch", given="\n".join(blob.oid for blob in blobs).encode())
        position = 0
        for blob in blobs:
            end = out.find(b"\n", position)
            header = out[position:end].split()
            if end < 0 or header[1:] != [b"blob", str(blob.size).encode()]:
                raise SourceError(f"{self.path}: object {blob.oid[:12]} is missing or damaged; run 'git fsck'")
            yield blob, out[end + 1 : end + 1 + blob.size]
            position = end + blob.size + 2

    def export(self, commit: str, folder: Path) -> None:
        """Write the files of a release to an empty folder of ours.

        Raises:
            SourceError: The commit cannot be read.
        """
        paths: dict[str, list[str]] = {}
        files = self.files(commit)
        for path, blob in files.items():
            paths.setdefault(blob.oid, []).append(path)
        for blob, data in self.blobs(files.values()):
            for path in paths[blob.oid]:
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)


def _day(time: int) -> str:
    return dt.datetime.fromtimestamp(time, dt.UTC).date().isoformat()
