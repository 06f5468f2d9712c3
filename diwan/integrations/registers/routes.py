"""Addresses for outside bodies."""

from django.urls import path

from diwan.integrations.registers import views

app_name = "integrations_registers"
urlpatterns = [path("registers/answers", views.answer, name="answer")]
