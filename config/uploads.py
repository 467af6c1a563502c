"""Uploads with a progress bar: the browser cannot see where a redirect leads, so we say it."""

from django.http import HttpResponse


class UploadRedirectMiddleware:
    """Turns a redirect into 200 with X-Go-To for requests that upload.js marked X-Upload.

    Otherwise the script would follow the redirect itself, and the page it leads to would
    be built twice, its messages shown to nobody.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if "X-Upload" not in request.headers or response.status_code not in (301, 302, 303):
            return response
        answer = HttpResponse(headers={"X-Go-To": response["Location"]})
        answer.cookies = response.cookies
        return answer
