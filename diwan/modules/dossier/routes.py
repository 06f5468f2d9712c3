"""Addresses of the files."""

from django.urls import path

from diwan.modules.dossier.screens import views

PREFIX = "dossier/"
app_name = "dossier"
urlpatterns = [
    path("case/<str:number>", views.case, name="case"),
    path("licence/<str:number>", views.licence, name="licence"),
]
