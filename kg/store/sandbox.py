"""Rights that a process gives up for good, by means of the kernel (Linux): to call a host, run a program, read files.

Where the kernel or the processor is not one that is known here, nothing is given up, and the functions say so: they
stand behind the query guard and never in its place.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from typing import NamedTuple

_NO_NEW_PRIVS, _SECCOMP, _FILTER_MODE = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NOT_PERMITTED = 1
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_EVERY_ACCESS = 0x1FFF
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_BENEATH = 1


class _Machine(NamedTuple):
    """A processor: how the kernel names it, and its numbers for the calls that are refused."""

    audit: int
    calls: tuple[int, ...]
    ceiling: int


# socket, connect, bind, execve, execveat, ptrace, process_vm_readv, process_vm_writev, io_uring_setup, kill, tkill
_MACHINES = {
    "x86_64": _Machine(0xC000003E, (41, 42, 49, 59, 322, 101, 310, 311, 425, 62, 200), 0x40000000),
    "aarch64": _Machine(0xC00000B7, (198, 203, 200, 221, 281, 117, 270, 271, 425, 129, 130), 0),
}


def give_up_calls() -> bool:
    """Open no socket, run no program and touch no other process from now on; whether the kernel holds to it."""
    machine = _MACHINES.get(platform.machine())
    if not sys.platform.startswith("linux") or machine is None or sys.byteorder != "little":
        return False
    refuse = struct.pack("=HBBI", _RETURN, 0, 0, _ERROR | _NOT_PERMITTED)
    steps = [
        struct.pack("=HBBI", _LOAD, 0, 0, 4),
        struct.pack("=HBBI", _EQUAL, 1, 0, machine.audit),
        struct.pack("=HBBI", _RETURN, 0, 0, _KILL),
        struct.pack("=HBBI", _LOAD, 0, 0, 0),
    ]
    if machine.ceiling:
        # The numbers above are another name for the same calls.
        steps += [struct.pack("=HBBI", _AT_LEAST, 0, 1, machine.ceiling), refuse]
    for call in machine.calls:
        steps += [struct.pack("=HBBI", _EQUAL, 0, 1, call), refuse]
    steps.append(struct.pack("=HBBI", _RETURN, 0, 0, _ALLOW))
    program = ctypes.create_string_buffer(b"".join(steps))
    filter_ = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(program)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return bool(libc.prctl(_SECCOMP, _FILTER_MODE, filter_, 0, 0) == 0)


def read_only_below(folder: str) -> bool:
    """Read no file that is not below a folder and write none at all from now on; whether the kernel holds to it."""
    if not sys.platform.startswith("linux") or platform.machine() not in _MACHINES:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    handled = ctypes.create_string_buffer(struct.pack("=Q", _EVERY_ACCESS))
    ruleset = libc.syscall(_CREATE_RULESET, handled, ctypes.c_size_t(8), 0)
    if ruleset < 0:
        return False
    below = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = ctypes.create_string_buffer(struct.pack("=Qi", _READ_FILE | _READ_FOLDER, below))
        return bool(
            libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
            and libc.syscall(_ADD_RULE, ruleset, _BENEATH, rule, 0) == 0
            and libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0
        )
    finally:
        os.close(below)
        os.close(ruleset)
