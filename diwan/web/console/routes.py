"""Addresses of the administrator."""

from django.urls import path

from diwan.web.console.views import health, people, process, resets, whatif

PREFIX = "console/"
app_name = "console"
urlpatterns = [
    path("", health.health, name="health"),
    path("process", process.services, name="process"),
    path("process/<slug:service>", process.service, name="process_service"),
    path("process/<slug:service>/log", process.log, name="process_log"),
    path("process/<slug:service>/what-if", whatif.whatif, name="whatif"),
    path("people", people.people, name="people"),
    path("people/<int:account>", people.person, name="person"),
    path("people/<int:account>/disable", people.disable, name="disable"),
    path("people/<int:account>/enable", people.enable, name="enable"),
    path("people/<int:account>/end-sessions", people.end, name="end_sessions"),
    path("people/<int:account>/reset", resets.ask, name="reset"),
    path("resets/<int:reset>/confirm", resets.confirm, name="reset_confirm"),
    path("resets/<int:reset>/withdraw", resets.withdraw, name="reset_withdraw"),
    path("resets/<int:reset>/link", resets.link, name="reset_link"),
]
