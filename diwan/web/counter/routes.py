"""Addresses of the counter."""

from django.urls import path

from diwan.web.counter.views import consent, papers, visit

PREFIX = "counter/"
app_name = "counter"
urlpatterns = [
    path("", visit.home, name="home"),
    path("<str:slip_id>/", visit.slip, name="slip"),
    path("<str:slip_id>/visitor", visit.change, name="change"),
    path("<str:slip_id>/code", consent.send, name="send_code"),
    path("<str:slip_id>/consent", consent.give, name="consent"),
    path("<str:slip_id>/renew", visit.renew, name="renew"),
    path("<str:slip_id>/apply", visit.apply, name="apply"),
    path("<str:slip_id>/missing.pdf", papers.missing, name="missing"),
    path("<str:slip_id>/take", visit.take, name="take"),
    path("<str:slip_id>/close", visit.close, name="close"),
]
