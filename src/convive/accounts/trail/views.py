"""The audit trail, for those who answer for a place."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from convive.accounts import actions, directory
from convive.accounts.permissions import audit_visible_to, places_where
from convive.accounts.roles import Permission
from convive.accounts.trail.forms import TrailForm
from convive.accounts.trail.presenters import narrow, people_of, present, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from convive.accounts.models import User
    from convive.core.models import AuditQuerySet

PAGE = 50


@login_required
@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    form, entries = _asked(request)
    pages = Paginator(entries, PAGE)
    page = pages.get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    content = {
        "form": form,
        "page": page,
        "deeds": present(page.object_list),
        "query": query.urlencode(),
    }
    return render(request, "accounts/audit_list.html", content)


@login_required
@require_safe
def audit_download(request: HttpRequest) -> HttpResponseBase:
    _form, entries = _asked(request)
    # The entry about this download is not in it.
    entries = entries.filter(pk__lte=_newest(entries))
    query = request.GET.urlencode()
    by = cast("User", request.user)
    actions.record_audit_download(by=by, rows=entries.count(), filters=query)
    response = StreamingHttpResponse(
        _lines(entries), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="convive-bitacora.csv"'
    return response


def _asked(request: HttpRequest) -> tuple[TrailForm, AuditQuerySet]:
    """The filter form, and what it leaves of the entries this person may read."""
    held = places_where(request.user, Permission.SEE_AUDIT)
    if not held:
        raise PermissionDenied(_("The audit trail is for those who coordinate."))
    visible = audit_visible_to(request.user)
    form = TrailForm(people_of(visible), directory.choices(held), request.GET)
    if not form.is_valid():
        return form, visible.none()
    return form, narrow(visible, form.cleaned_data)


def _newest(entries: AuditQuerySet) -> int:
    newest = entries.first()
    return newest.pk if newest else 0


class _Echo:
    """csv.writer gives what its file's `write` gives."""

    def write(self, text: str) -> str:
        return text


def _lines(entries: AuditQuerySet) -> Iterator[bytes]:
    writer = csv.writer(_Echo())
    yield b"\xef\xbb\xbf"  # Excel takes the file for Windows-1252 without it
    for row in rows(entries):
        yield str(writer.writerow(row)).encode()
