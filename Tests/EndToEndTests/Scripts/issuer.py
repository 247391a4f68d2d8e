"""A small identity provider on the loopback: FOLDER. Writes jwks.json and its port there; whoever comes is person-1, or
whom the file `subject` names. The file `fault` may say what is wrong with the tokens: nonce, audience, issuer, signature."""

import base64
import hashlib
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlparse

folder = Path(sys.argv[1])
key = folder / "key.pem"
subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
modulus = subprocess.run(["openssl", "rsa", "-in", key, "-noout", "-modulus"], check=True, capture_output=True, text=True)
codes = {}


def text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


number = bytes.fromhex(modulus.stdout.strip().split("=")[1])
(folder / "jwks.json").write_text(json.dumps({"keys": [
    {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "k1", "n": text(number), "e": "AQAB"}]}))


def said(name, otherwise):
    file = folder / name
    return file.read_text().strip() if file.exists() else otherwise


def token(nonce):
    fault = said("fault", "")
    claims = {"iss": "https://login.example", "aud": "tongxing", "sub": said("subject", "person-1"), "nonce": nonce,
              "exp": int(time.time()) + 300}
    claims |= {"nonce": {"nonce": "another"}, "audience": {"aud": "another"}, "issuer": {"iss": "https://evil.example"}
               }.get(fault, {})
    head = text(json.dumps({"alg": "RS256", "kid": "k1"}).encode())
    body = f"{head}.{text(json.dumps(claims).encode())}"
    signed = body + "x" if fault == "signature" else body
    sign = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=signed.encode(), check=True,
                          capture_output=True)
    return f"{body}.{text(sign.stdout)}"


class Issuer(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        asked = {name: values[0] for name, values in parse_qs(urlparse(self.path).query).items()}
        assert asked["response_type"] == "code" and asked["client_id"] == "tongxing" and "openid" in asked["scope"]
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe()
        codes[code] = asked
        self.send_response(302)
        self.send_header("Location", asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]}))
        self.end_headers()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        # A code is good once, and for whoever can show what its challenge was made of.
        asked = codes.pop(form["code"], None)
        isRight = asked and form["grant_type"] == "authorization_code" and form["redirect_uri"] == asked["redirect_uri"] \
            and text(hashlib.sha256(form["code_verifier"].encode()).digest()) == asked["code_challenge"] \
            and form.get("client_secret") == "a client's secret & more"
        answer = {"id_token": token(asked["nonce"]), "token_type": "Bearer"} if isRight else {"error": "invalid_grant"}
        self.send_response(200 if isRight else 400)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())


server = ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
(folder / "port.new").write_text(str(server.server_port))
(folder / "port.new").rename(folder / "port")


def end_with(parent):
    """Whatever becomes of the tests, it does not outlive them."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
server.serve_forever()
