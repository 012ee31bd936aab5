"""Counts in the text form that Prometheus reads."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the histogram of times, in seconds."""

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """What was answered, how fast and how much.

    Attributes:
        broken_off: Answers of which a part was sent and the rest could not be.
    """

    def __init__(self) -> None:
        self.broken_off = 0
        self._requests: Counter[tuple[str, int]] = Counter()
        self._buckets: Counter[float] = Counter()
        self._seconds = 0.0
        self._bytes = 0

    def count(self, route: str, status: int, seconds: float, size: int) -> None:
        """Count an answer; ``route`` is one of ours, never what a client wrote."""
        self._requests[route, status] += 1
        self._seconds += seconds
        self._bytes += size
        bound = next((bound for bound in BUCKETS if seconds <= bound), float("inf"))
        self._buckets[bound] += 1

    def render(self, gauges: Mapping[str, float], counters: Mapping[str, float]) -> str:
        """The text: what was counted here, gauges of now, and counters kept elsewhere."""
        return "\n".join(self._lines(gauges, counters)) + "\n"

    def _lines(self, gauges: Mapping[str, float], counters: Mapping[str, float]) -> Iterator[str]:
        yield "# TYPE kg_requests_total counter"
        for (route, status), number in sorted(self._requests.items()):
            yield f'kg_requests_total{{route="{route}",status="{status}"}} {number}'
        yield "# TYPE kg_request_seconds histogram"
        total = 0
        for bound in BUCKETS:
            total += self._buckets[bound]
            yield f'kg_request_seconds_bucket{{le="{bound:g}"}} {total}'
        total += self._buckets[float("inf")]
        yield f'kg_request_seconds_bucket{{le="+Inf"}} {total}'
        yield f"kg_request_seconds_sum {self._seconds:.6f}"
        yield f"kg_request_seconds_count {total}"
        yield "# TYPE kg_answers_broken_off_total counter"
        yield f"kg_answers_broken_off_total {self.broken_off}"
        yield "# TYPE kg_response_bytes_total counter"
        yield f"kg_response_bytes_total {self._bytes}"
        for kind, values in (("gauge", gauges), ("counter", counters)):
            for name, value in sorted(values.items()):
                yield f"# TYPE kg_{name} {kind}"
                yield f"kg_{name} {value:g}"
