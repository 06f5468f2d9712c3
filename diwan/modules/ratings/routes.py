"""Addresses of the module."""

from django.urls import path

from diwan.modules.ratings.screens import views

app_name = "ratings"
PREFIX = "rate/"
urlpatterns = [path("<str:number>/<str:secret>", views.rate_case, name="rate")]
