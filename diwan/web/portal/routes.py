"""Addresses of the portal."""

from django.urls import path

from diwan.web.portal.views import (
    cases,
    home,
    licence,
    mine,
    numbers,
    objections,
    pages,
    parties,
    services,
    tracking,
    verify,
)

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("search", home.search, name="search"),
    path("services", services.services, name="services"),
    path("services/<slug:slug>", services.service, name="service"),
    path("activities", services.activities, name="activities"),
    path("calculator", services.calculator, name="calculator"),
    path("my", mine.my_cases, name="my_cases"),
    path("my/requests", mine.requests, name="requests"),
    path("my/licences", mine.licences, name="licences"),
    path("my/licences/<str:number>", licence.page, name="licence"),
    path("l/<str:number>/<str:secret>", licence.by_link, name="licence_link"),
    path("case/<str:number>", cases.case, name="case"),
    path("case/<str:number>/now", cases.now, name="case_now"),
    path("case/<str:number>/complete", cases.complete, name="complete"),
    path("case/<str:number>/withdraw", cases.withdraw_case, name="withdraw"),
    path("case/<str:number>/object", objections.objection, name="object"),
    path("case/<str:number>/bill.pdf", cases.bill, name="bill"),
    path("case/<str:number>/document/<int:document_id>.pdf", cases.document, name="document"),
    path("case/<str:number>/document/<int:document_id>/card.pdf", cases.card, name="card"),
    path("party/<str:number>", parties.party, name="party"),
    path("track", tracking.track, name="track"),
    path("t/<str:number>/<str:secret>", tracking.status, name="status"),
    path("v", verify.verify, name="verify"),
    path("v/<str:number>/<str:token>", verify.by_code, name="verify_code"),
    path("message-check", verify.message_check, name="message_check"),
    path("numbers", numbers.numbers, name="numbers"),
    path("feedback", pages.feedback, name="feedback"),
    path("help", pages.help_page, name="help"),
    path("accessibility", pages.accessibility, name="accessibility"),
    path("privacy", pages.privacy, name="privacy"),
    path("terms", pages.terms, name="terms"),
    path("contact", pages.contact, name="contact"),
    path("sitemap", pages.sitemap, name="sitemap"),
]
