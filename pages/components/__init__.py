"""Pieces that pages are laid out from."""
