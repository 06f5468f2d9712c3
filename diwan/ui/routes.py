"""Addresses of the interface itself: the reader's choices and the language."""

from django.urls import path
from django.views.i18n import set_language

from diwan.ui import views

PREFIX = "ui/"
app_name = "ui"
urlpatterns = [
    path("preferences", views.preferences, name="preferences"),
    path("language", set_language, name="set_language"),
]
