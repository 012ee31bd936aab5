"""``python -m tests.fuzz [SECONDS [SEED]]``: damage without end; prints how to see a fault again."""

from __future__ import annotations

import itertools
import sys
import time
import traceback

from tests.fuzz.mutations import damaged
from tests.fuzz.targets import outcome, targets


def main(seconds: int = 60, seed: int = 0) -> int:
    """Fuzz every target in turn; the number of faults found."""
    ends = time.monotonic() + seconds
    faults = read = refused = 0
    for number in itertools.count(seed):
        if time.monotonic() > ends:
            break
        for target in targets():
            try:
                refused += outcome(target, damaged(target.data, number)) != ""
                read += 1
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    raise
                faults += 1
                sys.stdout.write(f"{target.name}, seed {number}: {type(error).__name__}\n{traceback.format_exc()}\n")
    sys.stdout.write(f"{read} files read, {refused} of them refused, {faults} faults; next seed {number}\n")
    return faults


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:3]]
    sys.exit(main(*given) > 0)
