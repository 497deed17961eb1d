"""The demonstration, loaded and served as a newcomer would, and a browser before it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from convive.website.tests.pages import find_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from convive.website.tests.pages import Page as FoundPage

CHROMIUM = shutil.which("chromium")
WIDTHS = {"desk": (1280, 900), "phone": (390, 844)}
STARTS_WITHIN_S = 60


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the browser's tests on one worker: they share one served demonstration."""
    for item in items:
        if "tests/functional" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@dataclass(frozen=True)
class Demo:
    """A served demonstration: its address, its data folder, its passwords by name."""

    url: str
    home: Path
    passwords: dict[str, str]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    home = tmp_path_factory.mktemp("demo")
    environment = os.environ | {"CONVIVE_HOME": str(home)}
    environment.pop("DATABASE_URL", None)
    convive = [sys.executable, "-m", "convive"]
    subprocess.run(
        [*convive, "demo", "--no-serve"],
        env=environment,
        check=True,
        capture_output=True,
    )
    lines = (home / "demo-accounts.txt").read_text(encoding="utf-8").splitlines()
    passwords = {line.split()[0]: line.split()[1] for line in lines}
    port = _free_port()
    log = (home / "serve.log").open("wb")
    server = subprocess.Popen(
        [*convive, "serve", "--port", str(port)],
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url, server)
        yield Demo(url, home, passwords)
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"the server ended with {server.returncode}")
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the server did not answer in time")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CONVIVE_CI"):
            pytest.fail("Debian's chromium is missing; .ci/run installs it")
        pytest.skip("needs chromium")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield opened
        opened.close()


@pytest.fixture
def open_as(demo: Demo, browser: Browser) -> Iterator[Callable[..., Page]]:
    """`open_as(name, width="desk", language="es-SV")`: a page signed in as the cast."""
    contexts = []

    def open_page(name: str, width: str = "desk", language: str = "es-SV") -> Page:
        across, down = WIDTHS[width]
        context = browser.new_context(
            viewport={"width": across, "height": down},
            locale=language,
            base_url=demo.url,
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        if name != "citizen":
            sign_in(page, name, demo.passwords[name])
        return page

    yield open_page
    for context in contexts:
        context.close()


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/cuenta/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", password)
    with page.expect_navigation():
        page.click("main form button")


@contextmanager
def no_errors(page: Page) -> Iterator[None]:
    """Fail on what the browser complains of: a script, a policy, a missing file."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type == "error" else None,
    )
    yield
    assert complaints == []


@pytest.fixture(scope="session")
def session_of(
    demo: Demo, browser: Browser
) -> Iterator[Callable[[str], BrowserContext]]:
    """`session_of(name)`: one signed-in session of a person, shared by the tests."""
    sessions: dict[str, BrowserContext] = {}

    def session(name: str) -> BrowserContext:
        if name not in sessions:
            sessions[name] = browser.new_context(base_url=demo.url, locale="es-SV")
            if name != "citizen":
                page = sessions[name].new_page()
                sign_in(page, name, demo.passwords[name])
                page.close()
        return sessions[name]

    yield session
    for opened in sessions.values():
        opened.close()


@pytest.fixture(scope="session")
def page_of(session_of: Callable[[str], BrowserContext]) -> Callable[[str], FoundPage]:
    """`page_of(url_name)`: where the demonstration has such a page, and for whom."""

    def ask(address: str, person: str) -> tuple[int, str, str]:
        answer = session_of(person).request.get(address, max_redirects=0)
        kind = answer.headers.get("content-type", "")
        return answer.status, kind, answer.text() if "html" in kind else ""

    pages, reasons = find_pages(ask)

    def find(url_name: str) -> FoundPage:
        if url_name not in pages:
            pytest.fail(f"{url_name}: {reasons[url_name]}")
        return pages[url_name]

    return find
