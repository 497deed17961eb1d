"""Convive: coordinate, measure and publish work against violence."""

__version__ = "0.1.0"
