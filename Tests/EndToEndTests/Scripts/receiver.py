"""Takes webhooks and mails on the loopback and writes each as a line of JSON: receiver.py FOLDER STATUS…

The ports go into FOLDER/ports once both listen. The first webhooks are answered with the given statuses, then with 200.
"""
import email
import email.policy
import hmac
import http.server
import json
import os
import sys
import threading
import time

from aiosmtpd.controller import Controller

parent = os.getppid()
folder, statuses = sys.argv[1], [int(status) for status in sys.argv[2:]]
lock = threading.Lock()


def note(name, value):
    with lock, open(f"{folder}/{name}", "a", encoding="utf-8") as file:
        file.write(json.dumps(value, ensure_ascii=False) + "\n")


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = statuses.pop(0) if statuses else 200
        time, code = (part.split("=", 1)[1] for part in self.headers["Tongxing-Signature"].split(","))
        wanted = hmac.new(os.environ["SECRET"].encode(), time.encode() + b"." + body, "sha256").hexdigest()
        note("hooks", {"status": status, "path": self.path, "notice": self.headers["Tongxing-Notice"],
                       "isSigned": hmac.compare_digest(code, wanted), "body": json.loads(body)})
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_):
        pass


class Mail:
    async def handle_DATA(self, _server, _session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        note("mails", {"from": envelope.mail_from, "to": envelope.rcpt_tos, "subject": message["Subject"],
                       "text": message.get_content(), "id": message["Message-ID"]})
        return "250 OK"


hooks = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
threading.Thread(target=hooks.serve_forever, daemon=True).start()
mails = Controller(Mail(), hostname="127.0.0.1", port=int(open(f"{folder}/mail-port").read()))
mails.start()
with open(f"{folder}/ports.new", "w") as file:
    file.write(f"{hooks.server_port}")
os.rename(f"{folder}/ports.new", f"{folder}/ports")
# Whatever becomes of the tests, it does not outlive them.
while os.getppid() == parent:
    time.sleep(1)
