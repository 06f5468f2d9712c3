"""Addresses of the store."""

from django.urls import path

from diwan.modules.stores.screens import views

PREFIX = "stores/"
app_name = "stores"
urlpatterns = [path("case/<str:number>/issue", views.issue, name="issue")]
