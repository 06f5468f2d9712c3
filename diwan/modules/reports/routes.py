"""Addresses of reports."""

from django.urls import path

from diwan.modules.reports.screens import (
    asking,
    choosing,
    following,
    handling,
    intake,
    photo_checks,
    public,
    telling,
    wall,
)

app_name = "reports"
PREFIX = "reports/"

urlpatterns = [
    path("", public.listed, name="listed"),
    path("points", public.points, name="points"),
    path("seen/<str:number>", public.seen, name="seen"),
    path("photo/<str:upload_id>", public.photo, name="photo"),
    path("new", choosing.new, name="new"),
    path("new/<str:draft_id>", telling.details, name="details"),
    path("new/<str:draft_id>/save", telling.autosave, name="autosave"),
    path("new/<str:draft_id>/files", telling.upload, name="draft_upload"),
    path("new/<str:draft_id>/files/<str:upload_id>", telling.file, name="draft_file"),
    path("new/<str:draft_id>/files/<str:upload_id>/remove", telling.remove, name="draft_remove"),
    path("new/<str:draft_id>/near", asking.similar, name="similar"),
    path("new/<str:draft_id>/who", asking.who, name="who"),
    path("new/<str:draft_id>/code", asking.code, name="code"),
    path("new/<str:draft_id>/receipt", asking.receipt, name="receipt"),
    path("new/<str:draft_id>/receipt/<str:paper>", asking.slip, name="slip"),
    path("r/<str:number>/<str:secret>", following.report, name="report"),
    path("r/<str:number>/<str:secret>/answer", following.answer, name="answer"),
    path("r/<str:number>/<str:secret>/still", following.still, name="still"),
    path("r/<str:number>/<str:secret>/files/<str:upload_id>", following.file, name="report_file"),
    path("photos", photo_checks.photos, name="photos"),
    path("photos/<str:upload_id>", photo_checks.photo, name="photo_to_check"),
    path("call", intake.intake, name="intake"),
    path("call/<str:number>", intake.taken, name="taken"),
    path("handle/<str:number>", handling.handle, name="handle"),
    path("wall", wall.board, name="wall"),
]
