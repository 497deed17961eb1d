"""Asking a page and letting the worker finish what it started."""

from __future__ import annotations

import pytest

from convive.incidents.tests.drafts import do_work


@pytest.fixture
def submit(django_capture_on_commit_callbacks):
    """`submit(client, address, data)`: post, then do the work it handed out."""

    def post(client, address, data=None):
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(address, data or {})
        with django_capture_on_commit_callbacks(execute=True):
            do_work()
        return response

    return post
