"""Reporting over HTTP: one file a resource."""
