"""What can go wrong, each with a sentence for whoever runs the command, and the exit code that it ends with."""

SENT, NOT_SENT, USAGE, NOT_ALLOWED, NOT_REACHED, INTERRUPTED = 0, 1, 2, 3, 4, 130


class UploadError(Exception):
    """Anything that keeps a file from being sent. `exit_code` is the command's; `code` a stable word for `--json`."""

    exit_code = NOT_SENT
    code = "not_sent"


class Refused(UploadError):
    """The server says no, and would say so again."""

    code = "refused"


class NotAllowed(UploadError):
    """The token is wrong, has expired or may not do this."""

    exit_code = NOT_ALLOWED
    code = "not_allowed"


class NotReached(UploadError):
    """The site or its store did not answer for as long as we were to wait. Running the command again goes on."""

    exit_code = NOT_REACHED
    code = "not_reached"


class FileChanged(UploadError):
    """The file was changed, cut or replaced while it was sent."""

    code = "file_changed"

    def __init__(self) -> None:
        super().__init__("the file changed while it was sent, so it was not accepted. Send it with --restart once it is final")


class AnotherFile(UploadError):
    """The file is not the one whose upload was begun, or not the one that was sent under its name."""

    code = "another_file"


class BadUsage(UploadError):
    """The command was called wrongly."""

    exit_code = USAGE
    code = "usage"
