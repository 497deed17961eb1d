"""Rows that could not be accepted: found, mended in their file's context, returned."""
