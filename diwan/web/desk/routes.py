"""Addresses of the desk."""

from django.urls import path

from diwan.web.desk.views import (
    acts,
    audit,
    board,
    bulk,
    case,
    finance,
    licence,
    numbers,
    partners,
    queue,
    search,
    visit,
    votes,
)

PREFIX = "desk/"
app_name = "desk"
urlpatterns = [
    path("", queue.home, name="home"),
    path("fresh", queue.fresh, name="fresh"),
    path("morning", queue.morning, name="morning"),
    path("search", search.search, name="search"),
    path("bulk", bulk.review, name="bulk"),
    path("bulk/do", bulk.do, name="bulk_do"),
    path("board", board.board, name="board"),
    path("board/move", board.move_tasks, name="board_move"),
    path("board/rebalance", board.rebalance, name="board_rebalance"),
    path("numbers", numbers.numbers, name="numbers"),
    path("finance", finance.notices, name="finance"),
    path("finance/<int:notice>", finance.settle, name="finance_settle"),
    path("audit", audit.audit, name="audit"),
    path("partners", partners.partners, name="partners"),
    path("partners/new", partners.new, name="partner_new"),
    path("partners/<int:subscription>", partners.partner, name="partner"),
    path("partners/<int:subscription>/do", partners.act, name="partner_do"),
    path("paper/<str:upload_id>", case.paper, name="paper"),
    path("document/<str:number>", case.document, name="document"),
    path("licence/<str:number>", licence.page, name="licence"),
    path("licence/<str:number>/suspend", licence.suspend, name="licence_suspend"),
    path("licence/<str:number>/lift", licence.lift, name="licence_lift"),
    path("licence/<str:number>/revoke", licence.revoke, name="licence_revoke"),
    path("case/<str:number>", case.page, name="case"),
    path("case/<str:number>/act", acts.act, name="act"),
    path("case/<str:number>/note", acts.note, name="note"),
    path("case/<str:number>/photo", visit.photo, name="photo"),
    path("case/<str:number>/claim", acts.claim_task, name="claim"),
    path("case/<str:number>/release", acts.release_task, name="release"),
    path("case/<str:number>/vote", votes.vote, name="vote"),
    path("case/<str:number>/conclude", votes.conclude, name="conclude"),
    path("case/<str:number>/undo", acts.undo, name="undo"),
    path("case/<str:number>/cancel", acts.cancel_case, name="cancel"),
    path("case/<str:number>/reopen", acts.reopen_case, name="reopen"),
]
