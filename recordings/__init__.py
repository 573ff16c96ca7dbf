"""The visible recorder: what was received, kept as it came, sealed and provable.

`tap` → `writer` (a process of its own) → a folder of sealed, chained segments (`segment`, `record`,
`recording`). Everything else reads that folder: `index` and `film` for playing, `verify` and
`bundle` for proving, `export` for a film of all, `retention` for the end of it.
docs/evidence-format.md has the format, so that others can write a verifier.
"""
