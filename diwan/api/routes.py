"""Addresses of the API."""

from django.urls import path

from diwan.api.status import status
from diwan.api.submit import submit, upload

app_name = "api"
PREFIX = "api/v1/"
urlpatterns = [
    path("cases", submit, name="submit"),
    path("uploads", upload, name="upload"),
    path("cases/<str:number>/status", status, name="status"),
]
