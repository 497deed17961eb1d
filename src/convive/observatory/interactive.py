"""The charts' script for the browser, out of a wheel, sent only when asked for."""

from __future__ import annotations

import functools
import gzip
import hashlib
from importlib import metadata
from typing import TYPE_CHECKING

import vl_convert
from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

VERSION = metadata.version("vl-convert-python").replace(".", "-")
_YEAR_S = 31_536_000


@functools.cache
def _bundle() -> tuple[bytes, bytes, str]:
    """Plain and compressed, made at the first asking (some seconds), and its mark."""
    # The library's type file forgets that the snippet may be left out.
    script: str = vl_convert.javascript_bundle()  # type: ignore[call-arg]
    plain = script.encode()
    mark = hashlib.sha256(plain).hexdigest()[:32]
    return plain, gzip.compress(plain, mtime=0), f'"{mark}"'


@require_safe
def bundle(request: HttpRequest, version: str) -> HttpResponseBase:
    """Public: one open-source script for everyone. `version` keeps copies apart."""
    plain, small, mark = _bundle()
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(
        small if takes_gzip else plain, content_type="text/javascript; charset=utf-8"
    )
    if takes_gzip:
        response["Content-Encoding"] = "gzip"
    response["ETag"] = mark
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
    answer: HttpResponseBase = (
        get_conditional_response(request, etag=mark, response=response) or response
    )
    return answer
