"""Addresses for the short message gateway."""

from django.urls import path

from diwan.integrations.sms import views

app_name = "integrations_sms"
urlpatterns = [path("notify/sms/receipt", views.receipt, name="receipt")]
