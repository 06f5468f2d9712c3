"""Addresses of reports."""

from django.urls import path

from diwan.modules.reports.screens import (
    asking,
    choosing,
    crew,
    crew_files,
    crew_work,
    following,
    handling,
    intake,
    judge,
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
    path("work", crew.listed, name="work"),
    path("work/from-here", crew.start_here, name="work_from_here"),
    path("work/<str:number>", crew_work.page, name="work_page"),
    path("work/<str:number>/save", crew_work.save, name="work_save"),
    path("work/<str:number>/done", crew_work.done, name="work_done"),
    path("work/<str:number>/bounce", crew_work.bounce, name="work_bounce"),
    path("work/<str:number>/here", crew_work.here, name="work_here"),
    path("work/<str:number>/crew", crew_work.assign, name="work_crew"),
    path("work/<str:number>/files", crew_files.upload, name="work_upload"),
    path("work/<str:number>/files/<str:upload_id>", crew_files.file, name="work_file"),
    path("work/<str:number>/files/<str:upload_id>/remove", crew_files.remove, name="work_remove"),
    path("judge", judge.listed, name="judge"),
    path("judge/<str:number>", judge.page, name="judge_page"),
    path("judge/<str:number>/judgement", judge.judgement, name="judge_act"),
]
