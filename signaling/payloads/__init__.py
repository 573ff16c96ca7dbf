"""What travels in the events of the socket, by area. `signaling.protocol` names the events."""
