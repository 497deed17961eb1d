"""Convive: coordinate, measure and publish work against violence."""
