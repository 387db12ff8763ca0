"""A real time-stamping authority on this machine: `openssl ts` behind a small HTTP server."""

from __future__ import annotations

import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

_CONFIG = """
[ req ]
distinguished_name = dn
prompt = no
[ dn ]
CN = {name}
[ root ]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[ leaf ]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[ tsa ]
default_tsa = authority
[ authority ]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/leaf.pem
signer_key = {folder}/leaf.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class LocalAuthority:
    """An authority with a root and a certificate of its own. `mode` may be "good", "down", "rubbish" or "other"."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.mode, self.asked = folder, "good", 0
        folder.mkdir()
        (folder / "serial").write_text("01\n")
        self._make_certificates(name)
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                authority.asked += 1
                if authority.mode == "down":
                    self.send_error(503)
                    return
                answer = b"no stamp" if authority.mode == "rubbish" else authority.answer(body)
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def certificates(self) -> str:
        """The file with its root."""
        return str(self.folder / "root.pem")

    def answer(self, query: bytes) -> bytes:
        """Stamp a query; in the mode "other", an answer to another one."""
        if self.mode == "other":
            (self.folder / "data").write_bytes(b"something else")
            self._openssl("ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "query.tsq")
        else:
            (self.folder / "query.tsq").write_bytes(query)
        self._openssl("ts", "-reply", "-config", "openssl.cnf", "-queryfile", "query.tsq", "-out", "reply.tsr")
        return (self.folder / "reply.tsr").read_bytes()

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()

    def _make_certificates(self, name: str) -> None:
        (self.folder / "openssl.cnf").write_text(_CONFIG.format(name=name, folder=self.folder))
        new = ["req", "-config", "openssl.cnf", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        self._openssl(*new, "-x509", "-days", "30", "-extensions", "root", "-keyout", "root.key", "-out", "root.pem")
        self._openssl(*new, "-subj", f"/CN={name} stamps", "-keyout", "leaf.key", "-out", "leaf.csr")
        signed = ["x509", "-req", "-in", "leaf.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "30"]
        self._openssl(*signed, "-extfile", "openssl.cnf", "-extensions", "leaf", "-out", "leaf.pem")

    def _openssl(self, *args: str) -> None:
        subprocess.run(["openssl", *args], cwd=self.folder, check=True, capture_output=True)
