"""Addresses of the schemas that the envelopes of events name."""

from django.urls import path

from diwan.integrations.webhooks import views

app_name = "integrations_webhooks"
urlpatterns = [path("events/<str:name>/<int:version>.json", views.schema, name="schema")]
