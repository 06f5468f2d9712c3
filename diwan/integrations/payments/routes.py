"""Addresses for the payment system."""

from django.urls import path

from diwan.integrations.payments import views

app_name = "integrations_payments"
urlpatterns = [path("payments/notice", views.notice, name="notice")]
