"""An installation of its own for tests that run the real command."""

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg

PREPARE = """
import django
django.setup()
from django.core.management import call_command
from convive.core.actors import System
from convive.incidents.actions import TermRow, save_crosswalk
from convive.places.actions import save_place
from convive.places.models import PlaceKind
call_command("migrate", verbosity=0)
by = System()
sv = save_place(by=by, kind=PlaceKind.COUNTRY, name="sv", parent=None, path="sv")
so = save_place(by=by, kind=PlaceKind.DEPARTMENT, name="Sonsonate", parent=sv)
save_place(by=by, kind=PlaceKind.MUNICIPALITY, name="Acajutla", parent=so)
save_crosswalk(by=by, country_path="sv", terms=[TermRow("Homicidio", "0101")])
"""
LOOK = """
import django
django.setup()
import json
from datetime import date
from convive.incidents import compute, importing
from convive.incidents.models import Batch, QuarantinedRow
from convive.warehouse import Slice, count_by
with compute.exclusive():
    importing.recover()
year = Slice("sv", date(2009, 1, 1), date(2009, 12, 31))
counted = count_by(compute.incidents_known_on(), year, [])
folders = compute.warehouse().root / "incidents"
print(json.dumps({
    "incidents": counted["incident_count"][0].as_py(),
    "quarantined": QuarantinedRow.objects.count(),
    "recorded": Batch.objects.recorded().count(),
    "writing": Batch.objects.filter(status="writing").count(),
    "folders": len(list(folders.iterdir())) if folders.exists() else 0,
}))
"""


class Installation:
    """A data folder and database that only the commands of one test use."""

    def __init__(self, folder, database):
        self.home = folder / "home"
        self.env = os.environ | {
            "CONVIVE_HOME": str(self.home),
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "convive.website.settings",
        }
        self.run("-c", PREPARE)

    def run(self, *arguments, **options):
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, env=self.env, capture_output=True, check=False, **options
        )
        assert done.returncode in {0, 1}, done.stderr.decode()[-2000:]
        return done

    def start(self, file, *more):
        command = [sys.executable, *self.importing(file), *more]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, env=self.env, stdout=quiet, stderr=quiet)

    @staticmethod
    def importing(file):
        place = ["--place", "sv/sonsonate/acajutla", "--source", "pnc"]
        return ["-m", "convive", "import", "incidents", str(file), *place]

    def look(self):
        """What is there, after recovery, as another process sees it."""
        return json.loads(self.run("-c", LOOK).stdout)


def postgres_database(url, name):
    """Make an empty database beside the one that the tests use; its address."""
    server = urlsplit(url)
    with psycopg.connect(url.replace(server.path, "/postgres"), autocommit=True) as c:
        c.execute(f'drop database if exists "{name}" with (force)')
        c.execute(f'create database "{name}"')
    return url.replace(server.path, f"/{name}")
