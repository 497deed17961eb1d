"""The same municipality and files as in quarantine's tests."""

from convive.incidents.quarantine.tests.conftest import (
    import_lines as import_lines,
)
from convive.incidents.quarantine.tests.conftest import live as live
from convive.incidents.quarantine.tests.conftest import sonsonate as sonsonate
from convive.incidents.quarantine.tests.conftest import waiting as waiting
