"""Commands of run.py that are more than a call: one module a noun."""
