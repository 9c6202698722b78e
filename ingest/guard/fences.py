"""What the child takes away from itself (files, programs, sockets, core dumps) and its limits for a file."""

import ctypes
import os
import resource
import signal
import sys
import sysconfig
from pathlib import Path

from ingest.guard.landlock import fence
from ingest.guard.seccomp import refuse_sockets
from ingest.limits import MEGABYTE, Allowance

_OPEN_FILES = 256
# What libraries and stacks reserve and hardly use. The parent's look at resident memory comes first with slow
# growth; a library that is refused memory in one of its threads may wait forever.
_LIBRARIES_BYTES = 256 * MEGABYTE
_PARENT_DEATH_SIGNAL = 1
_CHECKOUT = Path(__file__).resolve().parents[2]
# What the interpreter and its libraries read after the fence stands: code, shared objects, time zones.
_SYSTEM = (
    *("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache", "/usr/share/zoneinfo"),
    *("/dev/urandom", "/dev/null"),
    # What the memory allocator asks before it chooses its ways. Refused, it costs a tenth more CPU time.
    *("/sys/devices/system/cpu", "/proc/sys/vm/overcommit_memory", "/proc/self/maps"),
)


def confine(scratch: Path, parent: int, landlock: int, seccomp: bool) -> None:
    """Put up every fence; to be called before a library is imported that starts threads.

    scratch: the only folder the process may write from now on. parent: the process it must not outlive.
    landlock: the version to use, 0 for none. seccomp: whether the kernel can refuse new sockets.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    if sys.platform.startswith("linux"):
        _die_with(parent)
        # Where memory runs out all the same, the kernel is to take this process and not the one that loads.
        Path("/proc/self/oom_score_adj").write_text("800")
    os.chdir(scratch)
    if landlock:
        fence([*map(Path, _SYSTEM), *_code()], scratch, landlock)
    if seccomp:
        refuse_sockets()


def allow(allowance: Allowance) -> None:
    """Set the limits for the next file; CPU time counts for the whole process, so what was used is added."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu_s = int(used.ru_utime + used.ru_stime) + 1 + allowance.cpu_s
    for kind, soft in (
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_DATA, allowance.memory_bytes + _LIBRARIES_BYTES),
        (resource.RLIMIT_FSIZE, allowance.scratch_bytes),
    ):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _die_with(parent: int) -> None:
    ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the request above
        os._exit(1)


def _code() -> list[Path]:
    """The interpreter, its libraries and the two packages that parsing needs; no data of the installation."""
    places = {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()}
    return [*map(Path, sorted(places)), _CHECKOUT / "ingest", _CHECKOUT / "graph"]
