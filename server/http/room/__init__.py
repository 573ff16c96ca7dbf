"""What a page in the room asks for: one module a list, each ending in ROUTES."""
