"""Where files of users name techniques, to the character: what a new release breaks there, and how it is mended."""

from kg.uses.files import UserFile, read_uses
from kg.uses.migration import Migration, Outcome, Target, migrate, target_release

__all__ = ["Migration", "Outcome", "Target", "UserFile", "migrate", "read_uses", "target_release"]
