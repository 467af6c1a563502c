"""Two browsers for bench/walk.py: Django's test client, and plain HTTP to a real server."""

import http.client
from urllib.parse import urlencode, urlsplit

from django.contrib.auth import SESSION_KEY
from django.test import Client

from bench.measuring import Cost, costing
from bench.walk import BrokenWalk, Request
from residents.staff import mark_second_factor

FORM = "application/x-www-form-urlencoded"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def client_of(user) -> Client:
    """A test client in which this account is logged in, staff with their second factor."""
    client = Client()
    client.force_login(user, BACKEND)
    if user.is_staff:
        mark_second_factor(client.session, user)
    # The first request of a client loads all middleware, which a server does when it starts.
    client.get("/healthz")
    return client


def session_of(user) -> str:
    """The session cookie of a logged-in resident."""
    client = client_of(user)
    if SESSION_KEY not in client.session:
        raise BrokenWalk("not logged in")
    return client.session.session_key


class InProcess:
    """Requests to the application in this process, each with its cost."""

    def __init__(self, user):
        self.client = client_of(user)
        self.seen: list[tuple[str, str, Cost]] = []
        self.body = ""  # of the last page

    def send(self, request: Request) -> str:
        """The address it leads to, "" for a page."""
        found: list[Cost] = []
        with costing(found):
            if request.method == "GET":
                response = self.client.get(request.path, request.data)
            elif request.name == "upload":
                response = self.client.post(request.path, request.data)
            else:
                # As a browser sends a form without files.
                data = urlencode(request.data, doseq=True)
                response = self.client.post(request.path, data, content_type=FORM)
        self.seen.append((request.name, request.method, found[0]))
        self.body = response.content.decode() if not response.streaming else ""
        return _taken(request, response.status_code, response.get("Location", ""))


class OverHttp:
    """Requests over one kept connection to a server on this machine."""

    def __init__(self, port: int, session: str):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        # The same secret in cookie and header is what the application's own scripts send.
        secret = "b" * 32
        self.headers = {"Cookie": f"yb_session={session}; yb_csrf={secret}", "X-CSRFToken": secret}
        self.requests = 0

    def send(self, request: Request) -> str:
        """The address it leads to, "" for a page."""
        data = urlencode(request.data)
        path, body, headers = request.path, None, self.headers
        if request.method == "GET":
            path = f"{path}?{data}" if data else path
        else:
            body = data
            headers = {**headers, "Content-Type": FORM}
        self.connection.request(request.method, path, body, headers)
        response = self.connection.getresponse()
        response.read()
        self.requests += 1
        return _taken(request, response.status, response.getheader("Location", ""))

    def close(self) -> None:
        """End the connection."""
        self.connection.close()


def _taken(request: Request, status: int, to: str) -> str:
    wanted = {200} if request.method == "GET" else {302}
    if status not in wanted:
        raise BrokenWalk(f"{request.method} {request.path}: {status}")
    return urlsplit(to).path
