"""The menu, the theme and the pages that say no."""

from __future__ import annotations

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from convive.accounts.roles import Permission
from convive.places.tests.sonsonate import make_sonsonate
from convive.website import views
from convive.website.menu import MENU


def entries():
    return [entry for group in MENU for entry in group.entries]


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.url_name)
def test_every_entry_of_the_menu_leads_somewhere(entry):
    assert reverse(entry.url_name)


def test_a_person_sees_the_entries_that_their_role_opens(client_of):
    page = client_of("fatima").get("/").content.decode()

    shown = {e.url_name for e in entries() if f'href="{reverse(e.url_name)}"' in page}

    assert {
        e.url_name for e in entries() if e.permission == Permission.SEE_FIGURES
    } <= shown
    assert (
        not {e.url_name for e in entries() if e.permission == Permission.MANAGE_MEMBERS}
        & shown
    )


def test_a_citizen_sees_no_menu(client_of):
    assert b'class="menu"' not in client_of("citizen").get("/").content


def test_the_group_of_the_present_page_is_open_and_the_page_is_marked(client_of):
    make_sonsonate()

    page = client_of("bruno").get("/observatorio/personas/").content.decode()

    assert 'href="/observatorio/personas/" aria-current="page"' in page
    assert 'href="/observatorio/" aria-current' not in page
    assert page.count('<details class="menu-group" open>') == 1


def test_chosen_colours_are_kept_and_can_be_given_back(client_of):
    client = client_of("bruno")

    client.post("/tema/", {"theme": "dark", "next": "/componentes/"})
    assert b'<html lang="es" data-theme="dark">' in client.get("/").content

    client.post("/tema/", {"theme": "", "next": "/"})
    assert b'<html lang="es">' in client.get("/").content


def test_the_theme_does_not_send_to_another_site(client_of):
    answer = client_of("citizen").post("/tema/", {"next": "https://example.org/"})

    assert answer["Location"] == "/"


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_with_the_next_step():
    client = Client(enforce_csrf_checks=True)

    answer = client.post("/tema/", {"theme": "dark"}, headers={"accept-language": "en"})

    assert answer.status_code == 403
    assert "reload the page" in answer.content.decode()


@pytest.mark.parametrize(
    ("refusal", "status"),
    [(RequestDataTooBig("too big"), 413), (SuspiciousOperation("odd"), 400)],
)
def test_a_bad_request_is_told_apart_from_one_that_is_too_large(rf, refusal, status):
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/")
    request.user = AnonymousUser()

    answer = views.bad_request(request, refusal)

    assert answer.status_code == status
    assert b"<h1>" in answer.content


def test_the_page_of_a_failure_needs_nothing_that_may_have_failed():
    page = render_to_string("500.html")

    assert "Algo falló" in page
    assert 'lang="en"' in page
