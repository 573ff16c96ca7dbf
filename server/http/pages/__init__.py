"""The pages. A handler reads the request, asks one service, and shows the answer."""
