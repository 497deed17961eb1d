"""A page with one form: shown, checked, saved, and back to where it belongs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from convive.core.refusals import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class FormPage:
    title: str
    back_url: str
    back_label: str


def answer_form(
    request: HttpRequest, form: forms.Form, page: FormPage, save: Callable[[], str]
) -> HttpResponse:
    """Show the form; when it holds, `save` and go to the address it gives.

    What an action refuses stands above the form, with all that was typed.
    """
    if request.method == "POST" and form.is_valid():
        try:
            target = save()
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(target)
    status = 422 if form.errors else 200
    shown = {"page": page, "form": form}
    return render(request, "core/form_page.html", shown, status=status)
