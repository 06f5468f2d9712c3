"""Addresses of the API."""

from django.urls import path

from diwan.api.status import status
from diwan.api.submit import submit, upload
from diwan.api.verification import document, verifications

app_name = "api"
PREFIX = "api/v1/"
urlpatterns = [
    path("cases", submit, name="submit"),
    path("uploads", upload, name="upload"),
    path("cases/<str:number>/status", status, name="status"),
    path("verifications", verifications, name="verifications"),
    path("documents/<str:number>", document, name="document"),
]
