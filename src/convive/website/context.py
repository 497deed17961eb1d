"""What every page's frame needs: the menu this person may open, and the theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

import convive
from convive.accounts.permissions import permissions_somewhere
from convive.website.menu import MENU

if TYPE_CHECKING:
    from django.http import HttpRequest

    from convive.accounts.roles import Permission
    from convive.website.menu import Group

THEMES = ("light", "dark")
THEME_COOKIE = "theme"


@dataclass(frozen=True)
class MenuItem:
    label: str
    url: str
    current: str  # what aria-current says: '', 'page', or 'true' for a page below it


@dataclass(frozen=True)
class MenuGroup:
    label: str
    items: tuple[MenuItem, ...]

    @property
    def is_current(self) -> bool:
        return any(item.current for item in self.items)


@dataclass(frozen=True)
class Menu:
    groups: tuple[MenuGroup, ...]

    @property
    def opened(self) -> MenuGroup | None:
        """The group of the present page; on a page outside them, the first."""
        labelled = [group for group in self.groups if group.label]
        first = labelled[0] if labelled else None
        return next((group for group in labelled if group.is_current), first)

    @property
    def here(self) -> str:
        """Name of the present page or of the one above it."""
        items = (item for group in self.groups for item in group.items)
        return next((item.label for item in items if item.current), "")


def page_frame(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "menu": _menu(request),
        "theme": theme if theme in THEMES else "",
        "version": convive.__version__,
    }


def _menu(request: HttpRequest) -> Menu | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    held = permissions_somewhere(user)
    groups = tuple(_group(group, held, request.path) for group in MENU)
    return Menu(tuple(group for group in groups if group.items))


def _group(group: Group, held: frozenset[Permission], path: str) -> MenuGroup:
    nearest = _nearest(path)
    items = tuple(
        MenuItem(_(entry.label), url, _current(url, nearest, path))
        for entry in group.entries
        if entry.permission is None or entry.permission in held
        for url in (reverse(entry.url_name),)
    )
    return MenuGroup(_(group.label) if group.label else "", items)


def _nearest(path: str) -> str:
    """Address of the menu that is the page, or that the page stands below."""
    home = reverse("home")
    urls = (reverse(entry.url_name) for group in MENU for entry in group.entries)
    above = [
        url for url in urls if url == path or (url != home and path[: len(url)] == url)
    ]
    return max(above, key=len, default="")


def _current(url: str, nearest: str, path: str) -> str:
    if url != nearest:
        return ""
    return "page" if url == path else "true"
