"""How a run in the sandbox can fail, each by its own name."""


class SandboxError(Exception):
    """Base of every failure of a run; the message may be shown to a person and holds no content of the file."""


class TimedOut(SandboxError):
    """The work took longer than its wall-clock or processor limit (seconds)."""


class OutOfMemory(SandboxError):
    """The work asked for more memory than its limit (bytes of address space)."""


class OutputTooLarge(SandboxError):
    """The work wrote a larger file, or answered with more bytes, than its limit."""


class Crashed(SandboxError):
    """The process died or failed in a way that nobody foresaw; the message names the signal or the place."""


class FilterUnavailable(SandboxError):
    """This machine can't set the system-call filter, so nothing was parsed."""


class Refused(SandboxError):
    """The function looked at its input and declined it with a sentence for a person.

    `reason` is the name of the class raised inside, so that a caller can tell kinds of refusal apart.
    """

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason or type(self).__name__
