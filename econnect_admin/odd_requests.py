"""Requests that no page of this program asks for are refused at the door."""

from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string

_METHODS = ("GET", "HEAD", "POST")


class OddRequestsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in _METHODS:
            return HttpResponseNotAllowed(_METHODS)
        request.encoding = "utf-8"  # as forms here are sent; of another one even the page of the error fails
        # The database has no text with a NUL in it, and refuses to compare with one.
        if "\0" in request.path or any("\0" in v for values in request.GET.lists() for v in values[1]):
            raise BadRequest("There is a NUL in the address.")
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET":
            # Else a browser shows a blank page. A length that was set already is of that one.
            page = render_to_string("405.html")
            return HttpResponse(page, status=response.status_code, headers={"Allow": response["Allow"]})
        return response
