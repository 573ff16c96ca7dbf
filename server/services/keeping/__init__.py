"""Backups of a running server, and how they are put back; the ways up and back of an upgrade."""
