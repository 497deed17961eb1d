"""The offence table of a country, and reading the incidents again by a new one."""
