"""evidence-upload: send files and folders, and go on where it stopped. `evidence-upload --help` says how."""

from __future__ import annotations

import argparse
import os
import re
import signal
import stat
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from evidence_upload import __version__
from evidence_upload.errors import INTERRUPTED, NOT_ALLOWED, NOT_REACHED, SENT, BadUsage, Refused, UploadError
from evidence_upload.files import Found, Source, find, read_sums
from evidence_upload.http import Patience, Site
from evidence_upload.report import Report
from evidence_upload.send import Pools, Sending

FILES_AT_ONCE = 4
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_DOOR = """say with --within-marking that none of it is above OFFICIAL-SENSITIVE.
What is SECRET or TOP SECRET, or about an informant (CHIS) or an intercept, is not taken: do not send it, leave it as it is, and
call your force's unit for sensitive material"""
_EPILOG = """The token is read from EVIDENCE_TOKEN or --token-file, never from the command line, where others could see it.
Run the same command again after any interruption: what has arrived is compared and not sent twice.
Exit codes: 0 all sent, 1 a file was not sent, 2 wrong usage, 3 the token was refused, 4 not reached: run it again,
130 interrupted."""


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="evidence-upload", description="Send files to the evidence store.", epilog=_EPILOG)
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files and folders; with --exhibit exactly one file")
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument(
        "--exhibit", metavar="ID", help="the exhibit that the one file belongs to (the last part of its page's address)"
    )
    target.add_argument("--batch", metavar="ID", help="the batch whose exhibits the files become (the same, of “Send many files”)")
    parser.add_argument(
        "--within-marking",
        action="store_true",
        help="you say that none of it is above OFFICIAL-SENSITIVE; without it nothing is sent",
    )
    parser.add_argument("--url", default=os.environ.get("EVIDENCE_URL"), help="the site's address (or EVIDENCE_URL)")
    parser.add_argument("--token-file", metavar="FILE", help="a file that holds the token and that only you can read")
    parser.add_argument("--sha256", metavar="HEX", help="what the one file must be; another is not accepted")
    parser.add_argument("--sums", metavar="FILE", help="the same for many, as sha256sum writes it; each file must be listed")
    parser.add_argument("--restart", action="store_true", help="stop what was begun for these files, and begin anew")
    parser.add_argument("--parallel", type=int, default=4, metavar="N", help="parts sent at once, 1 to 32 (4)")
    parser.add_argument("--patience", type=float, default=15, metavar="MINUTES", help="how long to try while nobody answers (15)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, for programs")
    parser.add_argument("--quiet", action="store_true", help="no progress, only results and errors")
    parser.add_argument("--version", action="version", version=f"evidence-upload {__version__}")
    return parser.parse_args(given)


def _token(path: str | None) -> str:
    if path is None:
        token = os.environ.get("EVIDENCE_TOKEN", "")
        if not token:
            raise BadUsage("set EVIDENCE_TOKEN, or give --token-file")
    else:
        try:
            if os.name == "posix" and Path(path).stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise BadUsage(f"others can read {path}: run chmod 600 {path}")
            token = Path(path).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise BadUsage(f"{path} cannot be read: {error}") from error
    token = token.strip()
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise BadUsage("the token is one word of plain letters and digits")
    return token


def _expected(asked: argparse.Namespace, files: Sequence[Found]) -> dict[str, str]:
    """The stated SHA-256 by file name, for all files or for none."""
    if asked.sha256 is not None:
        if asked.sums or len(files) != 1 or not _SHA256.match(asked.sha256.lower()):
            raise BadUsage("--sha256 is 64 hexadecimal digits, for one file, without --sums")
        return {files[0].name: asked.sha256.lower()}
    if not asked.sums:
        return {}
    sums = read_sums(asked.sums)
    # sha256sum may have been run beside the folder or in it
    found = {file.name: sums.get(file.name) or sums.get(file.name.partition("/")[2]) or "" for file in files}
    if missing := [name for name, value in found.items() if not value]:
        raise BadUsage(f"{asked.sums} does not list {missing[0]}{f' and {len(missing) - 1} more' if missing[1:] else ''}")
    return found


class Command:
    """One run of it, on files that were found."""

    def __init__(self, asked: argparse.Namespace, site: Site, files: Sequence[Found]) -> None:
        self._asked, self._site, self._files = asked, site, files
        self._expected = _expected(asked, files)
        self._pools = Pools(asked.parallel)
        size = sum(file.path.stat().st_size for file in files)
        self._report = Report(len(files), size, as_json=asked.json, quiet=asked.quiet)
        self._worst = SENT
        self._stop = threading.Event()

    def run(self) -> int:
        """Send them all; return the exit code."""
        free = threading.Semaphore(FILES_AT_ONCE)
        with ThreadPoolExecutor(FILES_AT_ONCE, "file") as pool:
            # Opened here, one after the other, so that references follow the order of the files
            for file in self._files:
                free.acquire()
                if self._stop.is_set():
                    break
                opened = self._open(file)
                if opened is None:
                    free.release()
                else:
                    pool.submit(self._send, *opened).add_done_callback(lambda _: free.release())
        self._pools.close()
        self._report.end(self._worst)
        return self._worst

    def _open(self, file: Found) -> tuple[Source, dict[str, Any]] | None:
        try:
            source = Source(file)
            if source.size == 0:
                source.close()
                raise Refused("the file is empty, so it was not sent")
            return source, self._opened(source)
        except UploadError as error:
            self._failed(file.name, error)
            return None

    def _opened(self, source: Source) -> dict[str, Any]:
        path = f"exhibits/{self._asked.exhibit}/uploads/" if self._asked.exhibit else f"batches/{self._asked.batch}/files/"
        name = source.name.rpartition("/")[2] if self._asked.exhibit else source.name
        body = {"size": source.size, "name": name[-255:] if self._asked.exhibit else name, "last_modified": source.last_modified}
        body["within_marking"] = True
        if source.name in self._expected:
            body["sha256"] = self._expected[source.name]
        upload: dict[str, Any] = self._site.post(path, body)
        if self._asked.restart and upload["state"] == "open" and upload["parts"]:
            self._site.post(f"uploads/{upload['id']}/abort/", {})
            upload = self._site.post(path, body)
        return upload

    def _send(self, source: Source, upload: dict[str, Any]) -> None:
        try:
            sending = Sending(self._site, self._pools, source, upload, self._report.bytes)
            sha256 = sending.run()
            if self._expected.get(source.name, sha256) != sha256:
                raise Refused("the file that was sent before has another SHA-256 than the one stated")
            self._report.sent(source.name, upload, sha256, sending.kept)
        except UploadError as error:
            self._failed(source.name, error)
        except Exception as error:
            self._failed(source.name, UploadError(f"{type(error).__name__}: {error}"))
        finally:
            source.close()

    def _failed(self, name: str, error: UploadError) -> None:
        self._report.failed(name, error.code, str(error))
        self._worst = max(self._worst, error.exit_code)
        if error.exit_code in (NOT_ALLOWED, NOT_REACHED):
            # It would be the same for the next file
            self._stop.set()


def _interrupted(*_: object) -> None:
    """Ctrl-C: end at once, whatever threads are at; what has arrived is kept by the store."""
    os.write(2, b"\nevidence-upload: interrupted. Run the same command again to go on\n")
    os._exit(INTERRUPTED)


def main(given: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    asked = _arguments(given)
    signal.signal(signal.SIGINT, _interrupted)
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        if not asked.within_marking:
            raise BadUsage(_DOOR)
        if not asked.url:
            raise BadUsage("give --url, or set EVIDENCE_URL")
        if not _UUID.match(asked.exhibit or asked.batch):
            raise BadUsage("an ID is the last part of a page's address, for example 3f2b8c1e-…")
        if not 1 <= asked.parallel <= 32:
            raise BadUsage("--parallel is 1 to 32")
        site = Site(asked.url, _token(asked.token_file), Patience(asked.patience * 60))
        files = find(asked.paths)
        if not files:
            raise BadUsage("there is no file in what you gave")
        if asked.exhibit and (len(files) != 1 or Path(asked.paths[0]).is_dir()):
            raise BadUsage("an exhibit has one file: use --batch for folders and many files")
        return Command(asked, site, files).run()
    except UploadError as error:
        print(f"evidence-upload: {error}", file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
