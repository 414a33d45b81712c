"""What stands around the functions on loopback: LINE, the identity provider, and between each function and the emulator a wire that
notes what the function asks AWS for and what is denied."""

import base64
import hashlib
import http.client
import json
import random
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01 a picture"


class Server:
    """Serves on a free port of loopback for as long as the process lives; `answers` is what it says to (method, path, headers, body)."""

    def __init__(self):
        serves = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self):
                try:
                    super().handle_one_request()
                except (ConnectionError, TimeoutError):
                    self.close_connection = True

            def answer(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                status, headers, content = serves.answers(self.command, self.path, self.headers, body)
                self.send_response_only(status)
                for name, value in headers:
                    self.send_header(name, value)
                if not any(name.lower() == "content-length" for name, _ in headers):
                    self.send_header("content-length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer

            def log_message(self, *_):
                pass

        # What a function leaves unread when it is stopped is nobody's trouble.
        ThreadingHTTPServer.daemon_threads = True
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def as_json(value, status=200):
    return status, [("content-type", "application/json")], json.dumps(value).encode()


class Line(Server):
    """LINE's API, as far as it is called: accepts everything and remembers it. Its rules are those of the local system's stand-in."""

    def __init__(self):
        self.calls = []
        super().__init__()

    def answers(self, method, path, headers, body):
        if path == "/oauth2/v3/token":
            return as_json({"token_type": "Bearer", "access_token": "of-the-stand-in", "expires_in": 900})
        if headers.get("authorization") != "Bearer of-the-stand-in":
            return as_json({"message": "Authentication failed"}, 401)
        if method == "GET" and path.endswith("/content"):
            return 200, [("content-type", "image/jpeg")], JPEG
        if method == "GET":
            return as_json({"richmenus": []}) if path == "/v2/bot/richmenu/list" else as_json({"message": "Not found"}, 404)
        is_json = "json" in headers.get("content-type", "")
        self.calls.append((method, path, json.loads(body) if is_json else len(body)))
        return as_json({"richMenuId": f"richmenu-{len(self.calls)}"} if path == "/v2/bot/richmenu" else {})

    def texts(self, way):
        """The texts of all messages that were sent by `reply` or `push`."""
        sent = [body for _, path, body in self.calls if path == f"/v2/bot/message/{way}"]
        return [message.get("text", "") for body in sent for message in body["messages"]]


class Wire(Server):
    """The way of one function to the emulator. Host and signature pass as they are."""

    # How an operation's name in a transaction is called as a right.
    PARTS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
    SERVICES = {"DynamoDB_20120810": "dynamodb", "TrentService": "kms", "AmazonSSM": "ssm"}

    def __init__(self, emulator_url):
        self.emulator = urllib.parse.urlsplit(emulator_url).netloc
        self.used, self.denied = set(), []
        super().__init__()

    def answers(self, method, path, headers, body):
        connection = http.client.HTTPConnection(self.emulator, timeout=30)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                if name.lower() not in ("connection", "expect"):
                    connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        rights = self.rights(method, path, headers, body)
        if answer.status in (400, 403) and re.search(rb"AccessDenied|not authorized", content):
            self.denied += sorted(rights)
        elif answer.status < 500:
            self.used |= rights
        kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in ("connection", "transfer-encoding")]
        return answer.status, kept, content

    def rights(self, method, path, headers, body):
        """(right, on what) that a request needs: of tables their names, of the bucket the first part of the key."""
        target = headers.get("x-amz-target", "")
        if target:
            service, operation = target.split(".")
            asked, service = json.loads(body), self.SERVICES.get(service, service)
            if service != "dynamodb":
                return {(f"{service}:{operation}", re.sub(r"line/.*", "line", "/".join(asked.get("Name", "").split("/")[3:])))}
            if operation == "TransactWriteItems":
                parts = [(self.PARTS[part], what["TableName"]) for item in asked["TransactItems"] for part, what in item.items()]
                return {(f"dynamodb:{right}", table) for right, table in parts}
            tables = asked.get("RequestItems") or [asked["TableName"] + ("/index" if "IndexName" in asked else "")]
            return {(f"dynamodb:{operation}", table) for table in tables}
        place, query = urllib.parse.unquote(path).split("?")[0].split("/", 2), urllib.parse.parse_qs(path.partition("?")[2], True)
        if place[1] == "v2":
            return {("ses:SendEmail", "")}
        prefix = (query.get("prefix") or place[2:] or [""])[0].split("/")[0]
        if "versions" in query:
            return {("s3:ListBucketVersions", prefix)}
        if "delete" in query:
            keys = re.findall(r"<Key>([^/<]+)", body.decode())
            return {("s3:DeleteObjectVersion", key) for key in keys}
        read = "s3:GetObjectVersion" if "versionId" in query else "s3:GetObject"
        return {({"PUT": "s3:PutObject", "DELETE": "s3:DeleteObject"}.get(method, read), prefix)}

    def is_denied(self):
        """Waits until something is denied; whether it was."""
        for _ in range(100):
            if self.denied:
                return True
            time.sleep(0.1)
        return False


def unpadded(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Provider(Server):
    """Stands before the user pools of the emulator. They name an issuer on the internet, which functions would ask there; this one names
    itself, and signs anew what the pools say: their clients, groups and claims stay as the template makes them."""

    def __init__(self, emulator_url):
        self.emulator_url, self.exponent = emulator_url, 65537
        self.modulus, self.private = self.key()
        super().__init__()

    def key(self):
        """An RSA key of 2,048 bits, for as long as this runs."""

        def prime():
            while True:
                number = random.SystemRandom().getrandbits(1024) | 3 << 1022 | 1
                if all(number % small for small in range(3, 2000, 2)) and pow(2, number - 1, number) == 1 and number % self.exponent != 1:
                    return number

        one, other = prime(), prime()
        return one * other, pow(self.exponent, -1, (one - 1) * (other - 1))

    def signed(self, claims):
        text = ".".join(unpadded(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": "stand-in"}, claims))
        digest = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(text.encode()).digest()
        block = b"\x00\x01" + b"\xff" * (256 - 3 - len(digest)) + b"\x00" + digest
        signature = pow(int.from_bytes(block, "big"), self.private, self.modulus)
        return f"{text}.{unpadded(signature.to_bytes(256, 'big'))}"

    def answers(self, method, path, headers, body):
        _, pool, asked = path.split("/", 2)
        issuer = f"{self.url}/{pool}"
        if asked == ".well-known/openid-configuration":
            own = {"issuer": issuer, "token_endpoint": f"{issuer}/token", "jwks_uri": f"{issuer}/keys"}
            return as_json(own | {"authorization_endpoint": f"{self.emulator_url}/oauth2/authorize"})
        if asked == "keys":
            number = {"n": unpadded(self.modulus.to_bytes(256, "big")), "e": unpadded(self.exponent.to_bytes(3, "big"))}
            return as_json({"keys": [{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "stand-in"} | number]})
        try:
            tokens = json.load(urllib.request.urlopen(f"{self.emulator_url}/oauth2/token", body))
        except urllib.error.HTTPError as error:
            return error.code, [("content-type", "application/json")], error.read()
        claims = json.loads(base64.urlsafe_b64decode(tokens["id_token"].split(".")[1] + "=="))
        if not claims["iss"].endswith(f"/{pool}"):
            return as_json({"error": "invalid_grant"}, 400)
        return as_json({"id_token": self.signed(claims | {"iss": issuer})})
