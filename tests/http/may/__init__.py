"""What each may do on every route, in words of the tests' own; one file an area."""
