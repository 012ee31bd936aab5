"""Reading prose: plain text out of the pages' markup, and the groups of technique ids in it."""

from kg.text.groups import find_mentions, parse_groups
from kg.text.plain import digest, fold, plain_text

__all__ = ["digest", "find_mentions", "fold", "parse_groups", "plain_text"]
