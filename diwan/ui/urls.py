"""Addresses of the interface: `path("ui/", include("diwan.ui.urls"))`."""

from django.urls import path

from diwan.ui import views

app_name = "ui"
urlpatterns = [path("preferences", views.preferences, name="preferences")]
