"""Measurements that can be repeated: each runs as `.venv/bin/python -m bench.NAME`."""
