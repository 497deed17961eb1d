"""The read API: the pages' figures, by the pages' presenters and rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer, SessionAuth

from convive.accounts.permissions import check_figures
from convive.accounts.tokens import bearer
from convive.incidents import iccs
from convive.observatory import actions, answers, schemas
from convive.observatory.schemas import (
    CalendarOut,
    OffenceOut,
    OriginOut,
    PeopleOut,
    PlaceOut,
    Problem,
    Question,
    RatesOut,
    SeriesOut,
)
from convive.observatory.selection import Selection, place_choices, read
from convive.places.models import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from ninja import Schema

    from convive.accounts.models import User


class KeyAuth(HttpBearer):
    """A key of a person, who may no more with it than on the pages."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = bearer.user_of(token)
        if user is not None:
            request.user = user
        return user


class PageAuth(SessionAuth):
    """Whoever is signed in on the pages."""


api = NinjaAPI(
    title="Convive",
    version="1",
    description="Counts, rates and where they come from, as on the pages.",
    urls_namespace="api",
    docs_url=None,
    auth=[KeyAuth(), PageAuth()],
)
SAID = dict.fromkeys((400, 401, 403, 404, 422, 429), Problem)


def _problem(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    return api.create_response(request, {"detail": sentence}, status=status)


@api.exception_handler(AuthenticationError)
def _not_known(request: HttpRequest, _error: Exception) -> HttpResponse:
    words = _("Sign in, or send a live key: “Authorization: Bearer convive_…”.")
    response = _problem(request, words, 401)
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(PermissionDenied)
def _not_allowed(request: HttpRequest, error: Exception) -> HttpResponse:
    return _problem(request, str(error), 403)


@api.exception_handler(Http404)
def _not_there(request: HttpRequest, error: Exception) -> HttpResponse:
    return _problem(request, str(error) or _("There is nothing here."), 404)


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    names = ", ".join(str(problem["loc"][-1]) for problem in error.errors)
    words = _(
        "These parts of the question are missing or not of their form: %(names)s."
    )
    return _problem(request, words % {"names": names}, 422)


def _may_ask(request: HttpRequest) -> None:
    caller = request.headers.get("Authorization") or f"user {request.user.pk}"
    if bearer.is_too_often(caller):
        words = _("More than %(count)s questions in a minute. Wait a minute.")
        raise HttpError(429, words % {"count": bearer.REQUESTS_PER_MINUTE})


def _selection(request: HttpRequest, question: Question) -> Selection:
    """A program gets what it asked for or a sentence, never something else."""
    _may_ask(request)
    selection = read(request.user, question.dict())
    if selection is None:
        raise Http404(_("There are no figures yet."))
    if selection.problems:
        raise HttpError(422, " ".join(selection.problems))
    check_figures(request.user, selection.where)
    return selection


def _released(
    request: HttpRequest,
    question: Question,
    table: str,
    answer: Callable[[Selection, User], tuple[Schema, int]],
) -> HttpResponse:
    """Send an answer and enter just these bytes in the release ledger."""
    selection = _selection(request, question)
    user = cast("User", request.user)
    shape, rows = answer(selection, user)
    content = shape.model_dump_json().encode()
    batches = answers.about_of(selection).batches
    made = actions.Download(table, "json", content, rows, tuple(batches))
    actions.record_release(by=user, selection=selection, download=made)
    return HttpResponse(content, content_type="application/json; charset=utf-8")


@api.get("/places", response={200: list[PlaceOut]} | SAID, url_name="places")
def places(request: HttpRequest) -> list[PlaceOut]:
    """Places whose figures you may see. No figure goes out, so none is released."""
    _may_ask(request)
    paths = [path for path, _label in place_choices(request.user)]
    found = Place.objects.filter(path__in=paths).select_related("parent")
    return [
        PlaceOut(
            path=place.path,
            name=place.name,
            kind=place.kind,
            parent=place.parent.path if place.parent else None,
        )
        for place in found
    ]


@api.get("/offences", response={200: list[OffenceOut]} | SAID, url_name="offences")
def offences(request: HttpRequest) -> list[OffenceOut]:
    """ICCS codes. No figure goes out, so none is released."""
    _may_ask(request)
    return [answers.offence_of(code) for code in iccs.codes().values()]


@api.get("/rates", response={200: RatesOut} | SAID, url_name="rates")
def rates(request: HttpRequest, question: Query[Question]) -> HttpResponse:
    """Count and rate of a place beside its department and its country."""
    return _released(request, question, "overview", answers.rates)


@api.get("/series", response={200: SeriesOut} | SAID, url_name="series")
def series(request: HttpRequest, question: Query[Question]) -> HttpResponse:
    """Incidents by month beside the year before."""
    return _released(request, question, "series", answers.series)


@api.get("/calendar", response={200: CalendarOut} | SAID, url_name="calendar")
def calendar(request: HttpRequest, question: Query[Question]) -> HttpResponse:
    """Incidents by day of the week and hour."""
    return _released(request, question, "calendar", answers.calendar)


@api.get("/people", response={200: PeopleOut} | SAID, url_name="people")
def people(request: HttpRequest, question: Query[Question]) -> HttpResponse:
    """Incidents by sex, age, mechanism and relation."""
    return _released(request, question, "people", answers.people)


@api.get("/origin", response={200: OriginOut} | SAID, url_name="origin")
def origin(request: HttpRequest, question: Query[Question]) -> HttpResponse:
    """Where the figures come from."""
    return _released(request, question, "origin", answers.origin)


__all__ = ["api", "schemas"]
