"""Questions that the tests of the observatory ask."""

OWN = "where=sv/sonsonate/sonsonate&since=2009-01&until=2009-12"
