"""Addresses of the administrator."""

from django.urls import path

from diwan.web.console.views import (
    calendars,
    change,
    drafts,
    health,
    moving,
    people,
    process,
    publications,
    resets,
    rules,
    services,
    whatif,
)

PREFIX = "console/"
app_name = "console"
urlpatterns = [
    path("", health.health, name="health"),
    path("process", process.services, name="process"),
    path("process/<slug:service>", process.service, name="process_service"),
    path("process/<slug:service>/log", process.log, name="process_log"),
    path("process/<slug:service>/what-if", whatif.whatif, name="whatif"),
    path("calendars", calendars.calendars, name="calendars"),
    path("calendars/new", calendars.make, name="calendar_make"),
    path("calendars/<slug:code>", calendars.calendar, name="calendar"),
    path("calendars/<slug:code>/change", calendars.change, name="calendar_change"),
    path("people", people.people, name="people"),
    path("people/<int:account>", people.person, name="person"),
    path("people/<int:account>/disable", people.disable, name="disable"),
    path("people/<int:account>/enable", people.enable, name="enable"),
    path("people/<int:account>/end-sessions", people.end, name="end_sessions"),
    path("people/<int:account>/reset", resets.ask, name="reset"),
    path("changes", change.changes, name="changes"),
    path("services/<slug:service>/change", change.overview, name="change"),
    path("services/<slug:service>/change/<int:number>", change.version, name="change_version"),
    path("services/<slug:service>/change/<int:number>/move", moving.move, name="change_move"),
    path("services/<slug:service>/change/moves/<int:moving>", moving.record, name="change_record"),
    path("services/<slug:service>/change/moves/<int:moving>/undo", moving.undo, name="change_undo"),
    path("resets/<int:reset>/confirm", resets.confirm, name="reset_confirm"),
    path("resets/<int:reset>/withdraw", resets.withdraw, name="reset_withdraw"),
    path("resets/<int:reset>/link", resets.link, name="reset_link"),
    path("services", services.listed, name="services"),
    path("services/<slug:slug>", services.service, name="service"),
    path("versions/<int:version>", services.version, name="version"),
    path("versions/<int:version>/diagram", services.diagram, name="version_diagram"),
    path("versions/<int:version>/rules", rules.rules, name="version_rules"),
    path("drafts", drafts.begin, name="draft_begin"),
    path("drafts/<int:draft>", drafts.draft, name="draft"),
    path("drafts/<int:draft>/check", drafts.check, name="draft_check"),
    path("drafts/<int:draft>/aside", drafts.aside, name="draft_aside"),
    path("drafts/<int:draft>/ask", publications.ask, name="publication_ask"),
    path("publications/<int:publication>", publications.publication, name="publication"),
]
