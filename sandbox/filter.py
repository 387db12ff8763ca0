"""The system-call filter: no network, no new privileges, no reach into other processes.

Classic BPF, assembled here, set with prctl(2) by ctypes; needs no privilege. Only x86-64 is known; any other
architecture, and the x32 calls of this one, are killed. Source of the numbers: Linux
`arch/x86/entry/syscalls/syscall_64.tbl`; of the layout: seccomp(2), `struct seccomp_data`.
"""

import ctypes
import os
import platform
import struct

from sandbox.errors import FilterUnavailable

_PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 4, 22, 38
_SECCOMP_MODE_FILTER = 2
_AUDIT_ARCH_X86_64 = 0xC000003E
_X32_BIT = 0x40000000

_RET_KILL, _RET_ALLOW, _RET_ERRNO = 0x80000000, 0x7FFF0000, 0x00050000
_EPERM, _ENOSYS = 1, 38

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_AT_NUMBER, _AT_ARCH, _AT_ARG0 = 0, 4, 16

# Refused whatever the arguments.
REFUSED = {
    "socket": 41, "connect": 42, "accept": 43, "bind": 49, "listen": 50, "socketpair": 53, "accept4": 288,
    "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "process_madvise": 440,
    "pidfd_send_signal": 424, "pidfd_open": 434, "pidfd_getfd": 438,
    "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297, "tkill": 200,
    # A process that leaves its group would outlive the group's kill.
    "setpgid": 109, "setsid": 112,
    "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442,
    "unshare": 272, "setns": 308, "name_to_handle_at": 303, "open_by_handle_at": 304,
    "kexec_load": 246, "kexec_file_load": 320, "reboot": 169,
    "init_module": 175, "finit_module": 313, "delete_module": 176,
    "bpf": 321, "perf_event_open": 298, "userfaultfd": 323,
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
    "add_key": 248, "request_key": 249, "keyctl": 250, "personality": 135, "syslog": 103, "acct": 163, "quotactl": 179,
    "swapon": 167, "swapoff": 168, "sethostname": 170, "setdomainname": 171, "iopl": 172, "ioperm": 173, "vhangup": 153,
    "settimeofday": 164, "clock_settime": 227, "adjtimex": 159, "clock_adjtime": 305, "mknod": 133, "mknodat": 259,
}  # fmt: skip
_KILL, _TGKILL, _PRLIMIT = 62, 234, 302
_CLONE, _FORK, _VFORK, _CLONE3, _EXECVE, _EXECVEAT = 56, 57, 58, 435, 59, 322
_CLONE_THREAD, _CLONE_NEW_ANYTHING = 0x00010000, 0x7E020080


def set_filter(processes: int) -> None:
    """Filter this process and all that it starts, for good.

    `processes` = 0 also refuses fork and exec (threads stay allowed). Raises FilterUnavailable where it can't be set.
    """
    if platform.machine() != "x86_64" or struct.calcsize("P") != 8:
        raise FilterUnavailable(f"The system-call filter is written for x86-64, and this machine is {platform.machine()}.")
    program = assemble(os.getpid(), processes)
    libc = ctypes.CDLL(None, use_errno=True)
    _drop_capabilities(libc)
    code = (ctypes.c_char * len(program)).from_buffer_copy(program)
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    for arguments in (
        (_PR_SET_DUMPABLE, 0, 0, 0, 0),
        (_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        (_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.c_char_p(header), 0, 0),
    ):
        if libc.prctl(*arguments) != 0:
            raise FilterUnavailable(f"The system-call filter can't be set: {os.strerror(ctypes.get_errno())}.")


def assemble(own_pid: int, processes: int) -> bytes:
    """The filter's program, eight bytes an instruction (`struct sock_filter`)."""
    refuse, unknown, allow = _RET_ERRNO | _EPERM, _RET_ERRNO | _ENOSYS, _RET_ALLOW
    steps = [
        (_LOAD, 0, 0, _AT_ARCH),
        (_JUMP_EQUAL, 1, 0, _AUDIT_ARCH_X86_64),
        (_RETURN, 0, 0, _RET_KILL),
        (_LOAD, 0, 0, _AT_NUMBER),
        (_JUMP_AT_LEAST, 0, 1, _X32_BIT),
        (_RETURN, 0, 0, _RET_KILL),
    ]
    for number in REFUSED.values():
        steps += _when(number, [(_RETURN, 0, 0, refuse)])
    for number in (_KILL, _TGKILL):  # abort() signals itself; nobody else may be signalled
        steps += _when(number, _allow_if_first_is(own_pid, refuse))
    steps += _when(_PRLIMIT, _allow_if_first_is(0, refuse))
    # glibc falls back to clone, whose flags a filter can read.
    steps += _when(_CLONE3, [(_RETURN, 0, 0, unknown)])
    steps += _when(_CLONE, _clone_rule(processes, refuse))
    if processes == 0:
        for number in (_FORK, _VFORK, _EXECVE, _EXECVEAT):
            steps += _when(number, [(_RETURN, 0, 0, refuse)])
    steps.append((_RETURN, 0, 0, allow))
    return b"".join(struct.pack("HBBI", *step) for step in steps)


Step = tuple[int, int, int, int]


def _when(number: int, steps: list[Step]) -> list[Step]:
    return [(_JUMP_EQUAL, 0, len(steps), number), *steps]


def _allow_if_first_is(value: int, refuse: int) -> list[Step]:
    return [
        (_LOAD, 0, 0, _AT_ARG0),
        (_JUMP_EQUAL, 0, 1, value),
        (_RETURN, 0, 0, _RET_ALLOW),
        (_RETURN, 0, 0, refuse),
    ]


def _clone_rule(processes: int, refuse: int) -> list[Step]:
    needs_thread = [(_JUMP_ANY_BIT, 1, 0, _CLONE_THREAD), (_RETURN, 0, 0, refuse)] if processes == 0 else []
    return [
        (_LOAD, 0, 0, _AT_ARG0),
        (_JUMP_ANY_BIT, 0, 1, _CLONE_NEW_ANYTHING),
        (_RETURN, 0, 0, refuse),
        *needs_thread,
        (_RETURN, 0, 0, _RET_ALLOW),
    ]


def _drop_capabilities(libc: ctypes.CDLL) -> None:
    """Give up every capability, which matters where a container runs the worker as root (capset(2), version 3)."""
    header, nothing = struct.pack("Ii", 0x20080522, 0), bytes(24)
    if libc.capset(ctypes.c_char_p(header), ctypes.c_char_p(nothing)) != 0:
        raise FilterUnavailable(f"Capabilities can't be dropped: {os.strerror(ctypes.get_errno())}.")
