"""Every page a test is answered with would also work in a browser: CSRF token and CSP."""

from html.parser import HTMLParser


class BrokenPage(AssertionError):
    """A rendered page has a fault that a browser would meet."""


class StrictPages:
    """Test-only middleware: looks through every HTML answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        html = response.get("Content-Type", "").startswith("text/html")
        if html and not response.streaming:
            found = faults(response.content.decode(response.charset or "utf-8"))
            if found:
                raise BrokenPage(f"{request.method} {request.path}: " + "; ".join(found))
        return response


def faults(html: str) -> list[str]:
    """What is wrong with the page, each with its line; empty when nothing is."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found: list[str] = []
        self._form: str | None = None  # where the open POST form began
        self._has_token = False

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "form" and (values.get("method") or "").lower() == "post":
            self._form, self._has_token = f"line {self.getpos()[0]}", False
        if tag == "input" and values.get("name") == "csrfmiddlewaretoken":
            self._has_token = bool(values.get("value"))
        self._content_security(tag, values)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if tag == "form" and self._form:
            if not self._has_token:
                self.found.append(f"POST form without a CSRF token ({self._form})")
            self._form = None

    def close(self):
        super().close()
        self.handle_endtag("form")

    def _content_security(self, tag: str, values: dict) -> None:
        """What the policy (no unsafe-inline) would silently drop."""
        line = f"line {self.getpos()[0]}"
        if "style" in values:
            self.found.append(f"inline style on <{tag}> ({line})")
        self.found += [f"inline handler {name} ({line})" for name in values if name[:2] == "on"]
        inline = tag == "style" or (tag == "script" and "src" not in values)
        data = values.get("type") in ("application/json", "application/ld+json")
        if inline and not data and not values.get("nonce"):
            self.found.append(f"<{tag}> without a nonce ({line})")
        if (values.get("href") or "").lower().startswith("javascript:"):
            self.found.append(f"javascript: address ({line})")
