from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse

from convive.accounts.permissions import places_where
from convive.accounts.roles import Permission
from convive.places.models import Place

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class MyPlace:
    name: str
    parent_name: str
    url: str


def home(request: HttpRequest) -> HttpResponse:
    held = places_where(request.user, Permission.SEE_FIGURES)
    # Who holds every place starts from the countries.
    mine = Place.objects.filter(parent=None) if "" in held else None
    places = mine or Place.objects.filter(path__in=held).select_related("parent")
    cards = [
        MyPlace(
            name=place.name,
            parent_name=place.parent.name if place.parent else "",
            url=f"{reverse('observatory:overview')}?where={place.path}",
        )
        for place in places
    ]
    return render(request, "website/home.html", {"my_places": cards})
