"""Running it: workers and keepers that are killed, stores that are rebuilt, stopping, limits and what is measured."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.server.serving import ROOT, Server, path_of, serving, until

TINY = ROOT / "ontology" / "examples" / "tiny.ttl"


def _kg(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "kg", *arguments], check=True, cwd=ROOT, capture_output=True)


def _count(server: Server) -> int:
    answer = server.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert answer.status == 200
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


def test_a_worker_that_is_killed_is_replaced_and_costs_nobody_an_answer() -> None:
    with serving("--no-log", "--workers", "3", source=TINY) as server:
        keeper = next(child for child, parent in server.children().items() if parent == server.process.pid)
        for _ in range(3):
            workers = [child for child, parent in server.children().items() if parent == keeper]
            assert len(workers) == 3
            for worker in workers:
                os.kill(worker, signal.SIGKILL)
            assert until(lambda: server.query("ASK {}").status == 200)

            def renewed(dead: list[int] = workers) -> bool:
                now = [child for child, parent in server.children().items() if parent == keeper]
                return len(now) == 3 and not set(now) & set(dead)

            assert until(renewed)


def test_a_worker_that_is_killed_at_work_gives_its_client_an_error() -> None:
    with serving("--no-log", "--workers", "1", "--patience", "30", "--timeout", "30") as server:
        keeper = next(child for child, parent in server.children().items() if parent == server.process.pid)
        worker = next(child for child, parent in server.children().items() if parent == keeper)
        threading.Timer(1, os.kill, (worker, signal.SIGKILL)).start()
        answer = server.ask(path_of("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"))
        assert answer.status == 500
        assert b"ended before it answered" in answer.body
        assert until(lambda: server.query("ASK {}").status == 200)


def test_a_keeper_that_is_killed_is_replaced() -> None:
    with serving("--no-log", source=TINY) as server:
        before = _count(server)
        keeper = next(child for child, parent in server.children().items() if parent == server.process.pid)
        os.kill(keeper, signal.SIGKILL)
        # A worker of the old keeper may take one more question with it.
        assert until(lambda: keeper not in server.children())
        assert until(lambda: server.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").status == 200)
        assert _count(server) == before
        assert server.ask("/healthz").status == 200


def test_a_server_that_is_killed_leaves_no_process_behind() -> None:
    with serving("--no-log", "--timeout", "4") as server:
        children = list(server.children())
        assert len(children) > 2
        server.process.kill()
        server.process.wait()
        assert until(lambda: not any(Path(f"/proc/{child}").exists() for child in children))


def test_a_store_that_is_built_anew_is_taken_up_without_an_error(tmp_path: Path) -> None:
    store, other = tmp_path / "store", tmp_path / "other.ttl"
    other.write_text("<x:s> <x:p> <x:o> .\n", encoding="utf-8")
    _kg("build", "-s", str(TINY), str(store))
    with serving("--no-log", source=store) as server:
        before = _count(server)
        tag = server.ask(path_of("ASK {}")).headers["etag"]
        assert before > 1
        statuses: list[int] = []
        stop = threading.Event()

        def keep_asking() -> None:
            while not stop.is_set():
                statuses.append(server.ask(path_of("ASK {}")).status)

        asking = threading.Thread(target=keep_asking)
        asking.start()
        _kg("build", "-s", str(other), str(store))
        assert until(lambda: _count(server) == 1, 30)
        stop.set()
        asking.join(30)
        assert len(statuses) > 10
        assert set(statuses) == {200}
        assert server.ask(path_of("ASK {}")).headers["etag"] != tag


def test_workers_on_a_store_on_disk_have_given_up_their_rights_and_answer(tmp_path: Path) -> None:
    store = tmp_path / "store"
    _kg("build", "-s", str(TINY), str(store))
    with serving("--no-log", "--memory", "300", "--timeout", "2", source=store) as server:
        keeper = next(child for child, parent in server.children().items() if parent == server.process.pid)
        workers = [child for child, parent in server.children().items() if parent == keeper]
        assert len(workers) >= 2
        for worker in workers:
            status = Path(f"/proc/{worker}/status").read_text(encoding="utf-8")
            assert "Seccomp:\t2\n" in status
            assert "NoNewPrivs:\t1\n" in status
        for query in (
            "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
            "SELECT * { ?s ?p ?o }",
            "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
        ):
            assert server.query(query).status in {200, 504, 507}
        assert _count(server) > 10
        assert server.ask("/data?default").status == 200
        assert server.ask("/query").status == 200


def test_a_source_that_cannot_be_opened_again_leaves_the_old_one_served(tmp_path: Path) -> None:
    source = tmp_path / "data.ttl"
    source.write_text("<x:s> <x:p> 1, 2 .\n", encoding="utf-8")
    with serving("--no-log", source=source) as server:
        assert _count(server) == 2
        source.write_text("<x:s> <x:p", encoding="utf-8")
        server.process.send_signal(signal.SIGHUP)
        assert until(lambda: any("could not be opened again" in line for line in server.log))
        assert _count(server) == 2
        source.write_text("<x:s> <x:p> 1, 2, 3 .\n", encoding="utf-8")
        server.process.send_signal(signal.SIGHUP)
        assert until(lambda: _count(server) == 3)


def test_what_runs_when_the_server_is_told_to_stop_runs_to_its_end() -> None:
    with serving("--no-log", "--timeout", "20") as server:
        answers = []
        # Some two seconds of work.
        some = "{ SELECT * { ?a ?b ?c } LIMIT 1500 } { SELECT * { ?d ?e ?f } LIMIT 1500 }"
        query = f"SELECT (COUNT(*) AS ?n) {{ {some} FILTER(STR(?a) < STR(?d)) }}"
        asking = threading.Thread(target=lambda: answers.append(server.ask(path_of(query))))
        asking.start()
        time.sleep(0.3)
        assert server.stop() == 0
        asking.join(30)
        assert [answer.status for answer in answers] == [200]


def test_a_full_queue_says_when_to_come_again() -> None:
    arguments = ("--no-log", "--workers", "1", "--long", "1", "--queue", "1", "--wait", "0.5", "--timeout", "5")
    with serving(*arguments) as server:
        answers: list[tuple[int, str]] = []

        def ask(number: int) -> None:
            answer = server.ask(path_of(f"SELECT (COUNT(*) AS ?n{number}) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }}"))
            answers.append((answer.status, answer.headers.get("retry-after", "")))

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert (503, "5") in answers
        assert {status for status, _ in answers} <= {503, 504}


def test_an_address_that_asks_too_often_is_told_so() -> None:
    with serving("--no-log", "--rate", "1", source=TINY) as server:
        answers = [server.ask("/healthz") for _ in range(15)]
        assert [answer.status for answer in answers[:10]] == [200] * 10
        refused = [answer for answer in answers if answer.status == 429]
        assert refused
        assert int(refused[0].headers["retry-after"]) >= 1


def test_metrics_are_what_prometheus_reads_and_count(server: Server) -> None:
    line = re.compile(
        r'# TYPE kg_[a-z_]+ (counter|gauge|histogram)|kg_[a-z_]+(\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\})? [0-9.e+-]+'
    )

    def asked() -> int:
        text = server.ask("/metrics").body.decode()
        assert all(line.fullmatch(one) for one in text.splitlines())
        return int(re.search(r'route="sparql",status="200"\} (\d+)', text)[1])  # type: ignore[index]

    server.query("ASK {}")
    before = asked()
    server.query("ASK {}")
    assert asked() == before + 1


def test_a_source_or_an_address_that_cannot_be_had_is_one_line_and_status_3(tmp_path: Path, server: Server) -> None:
    for arguments in (["-s", str(tmp_path / "none")], ["--port", str(server.port)]):
        done = subprocess.run(
            [sys.executable, "-m", "kg", "serve", *arguments], capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 3
        assert done.stderr.startswith("kg: ")
        assert done.stderr.count("\n") == 1


def test_standard_input_is_refused_since_it_cannot_be_read_again() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kg", "serve", "-s", "-"], input="", capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "cannot read standard input again" in done.stderr


def test_under_a_path_of_a_proxy_everything_is_found() -> None:
    with serving("--no-log", "--root-path", "/kg", "--public", "https://example.org/kg/", source=TINY) as server:
        assert server.query("ASK {}").status == 200
        assert b"<https://example.org/kg/sparql>" in server.ask("/sparql", headers={"Accept": "text/turtle"}).body
        assert server.ask("/openapi.json").json()["servers"] == [{"url": "https://example.org/kg"}]
        iri = server.query("SELECT ?t { ?t a kg:Technique }").json()["results"]["bindings"][0]["t"]["value"]
        name = iri.rpartition("/")[2]
        assert server.ask(f"/id/technique/{name}").headers["location"] == f"../../technique/{name}"
        assert server.ask(f"/technique/{name}").status == 200


def test_behind_a_proxy_forwarded_addresses_are_believed_only_when_told() -> None:
    for arguments, client in (((), "127.0.0.1"), (("--trust-proxy", "127.0.0.1"), "192.0.2.7")):
        with serving(*arguments, source=TINY) as server:
            server.ask("/healthz", headers={"X-Forwarded-For": "192.0.2.7"})
            said = f'"client": "{client}"'
            assert until(lambda log=server.log, said=said: any(said in line for line in log))
