"""Every route, one row each. The rights of each row are tested from this table."""

from __future__ import annotations

from server.domain.rights import Verb
from server.http import entrance, pages, seat, service
from server.http.who import About, Route, Who

ROUTES = (
    Route("GET", "/", entrance.home, Who.ANYONE),
    Route("GET", "/sign-in", entrance.sign_in_page, Who.ANYONE),
    Route("POST", "/sign-in", entrance.sign_in, Who.ANYONE),
    Route("POST", "/sign-out", entrance.sign_out, Who.ANYONE),
    Route("GET", "/today", pages.today, Who.STAFF),
    Route("GET", "/cases", pages.case_list, Who.STAFF, Verb.READ_CASE),
    Route("GET", "/cases/new", pages.new_case, Who.STAFF, Verb.CREATE_CASE),
    Route("POST", "/cases", pages.create_case, Who.STAFF, Verb.CREATE_CASE),
    Route("GET", "/cases/{case}", pages.case_page, Who.STAFF, Verb.READ_CASE, About.CASE),
    Route("GET", "/cases/{case}/sessions/new", pages.new_session, Who.STAFF, Verb.BOOK, About.CASE),
    Route("POST", "/cases/{case}/sessions/new", pages.book, Who.STAFF, Verb.BOOK, About.CASE),
    Route(
        "GET", "/sessions/{session}", pages.session_page, Who.STAFF, Verb.READ_CASE, About.SESSION
    ),
    Route("POST", "/sessions/{session}/enter", pages.enter, Who.STAFF, Verb.HOST, About.SESSION),
    Route("POST", "/sessions/{session}/cancel", pages.cancel, Who.STAFF, Verb.BOOK, About.SESSION),
    Route(
        "POST",
        "/sessions/{session}/seats/{seat}/reissue",
        pages.reissue,
        Who.STAFF,
        Verb.BOOK,
        About.SESSION,
    ),
    Route("GET", "/j/{seat}", seat.shell, Who.ANYONE),
    Route("POST", "/j/{seat}/exchange", seat.exchange, Who.LINK, json=True),
    Route("GET", "/j/{seat}/welcome", seat.welcome, Who.LINK, json=True),
    Route("GET", "/healthz", service.healthz, Who.ANYONE, json=True),
    Route("GET", "/readyz", service.readyz, Who.ANYONE, json=True),
    Route("GET", "/static/{name:.+}", service.static, Who.ANYONE),
)
