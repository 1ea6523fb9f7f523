"""Findings for terminals, code hosts and CI."""
