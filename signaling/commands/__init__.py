"""What the gateway does for each command: one service call. By area, as the payloads are."""
