"""Addresses of applying, of the map's data, and of papers."""

from django.urls import path

from diwan.web.apply.views import files, pages, places, receipt, review, start

app_name = "apply"
urlpatterns = [
    path("apply/start/<slug:slug>", start.start, name="start"),
    path("apply/renew/<str:number>", start.renew, name="renew"),
    path("apply/about/<str:number>/<slug:slug>", start.about, name="about"),
    path("apply/<str:draft_id>/", pages.resume, name="resume"),
    path("apply/<str:draft_id>/p/<slug:key>", pages.page, name="page"),
    path("apply/<str:draft_id>/p/<slug:key>/save", pages.autosave, name="autosave"),
    path("apply/<str:draft_id>/upload", files.upload, name="upload"),
    path("apply/<str:draft_id>/remove/<str:upload_id>", files.remove, name="remove"),
    path("apply/<str:draft_id>/review", review.review, name="review"),
    path("apply/<str:draft_id>/confirm", review.confirm, name="confirm"),
    path("apply/<str:draft_id>/discard", pages.discard, name="discard"),
    path("apply/<str:draft_id>/receipt", receipt.receipt, name="receipt"),
    path("apply/slip/<str:number>/<str:paper>.pdf", receipt.slip, name="slip"),
    path("places/districts.geojson", places.districts, name="districts"),
    path("places/streets.geojson", places.streets, name="streets"),
    path("places/search", places.search, name="place_search"),
    path("files/<str:upload_id>", files.file, name="file"),
]
