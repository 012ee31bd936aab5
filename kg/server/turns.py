"""What waits, taken in turns over the clients it came from; and what is known of jobs that were done before."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import Generic, TypeVar

Item = TypeVar("Item")

_REMEMBERED = 4096


class Turns(Generic[Item]):
    """A queue in which each client waits for its own: the next comes from the client whose turn is longest ago."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, deque[Item]] = OrderedDict()
        self._many = 0

    def __len__(self) -> int:
        return self._many

    def append(self, client: str, item: Item) -> None:
        """Put in an item of a client, behind its others."""
        self._waiting.setdefault(client, deque()).append(item)
        self._many += 1

    def popleft(self) -> Item:
        """The next item.

        Raises:
            KeyError: there is none.
        """
        client, items = self._waiting.popitem(last=False)
        item = items.popleft()
        if items:
            # Behind all the others.
            self._waiting[client] = items
        self._many -= 1
        return item

    def remove(self, client: str, item: Item) -> None:
        """Take an item out again, where it still waits."""
        items = self._waiting.get(client, deque())
        if item in items:
            items.remove(item)
            self._many -= 1
            if not items:
                del self._waiting[client]


class Known:
    """What is known of jobs by a key that is the same for jobs that are alike: which were quick, and which were long.

    Of each the 4,096 that were met last are remembered.
    """

    def __init__(self) -> None:
        self._quick: OrderedDict[int, None] = OrderedDict()
        self._long: OrderedDict[int, None] = OrderedDict()

    def is_quick(self, key: int) -> bool:
        """Whether the last such job was quick."""
        return key in self._quick

    def is_long(self, key: int) -> bool:
        """Whether such a job was once long."""
        return key in self._long

    def was_quick(self, key: int) -> None:
        """A job was quick."""
        self._remember(self._quick, key)

    def was_neither(self, key: int) -> None:
        """A job took its time, and was not long."""
        self._quick.pop(key, None)

    def was_long(self, key: int) -> None:
        """A job is long."""
        self._quick.pop(key, None)
        self._remember(self._long, key)

    @staticmethod
    def _remember(among: OrderedDict[int, None], key: int) -> None:
        among[key] = None
        among.move_to_end(key)
        if len(among) > _REMEMBERED:
            among.popitem(last=False)
