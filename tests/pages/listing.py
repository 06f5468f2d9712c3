"""Which pages there are, as whom each is looked at, and which addresses are no pages.

An address of the product that stands in neither list fails: a new page needs its sample here.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.matrix.table import by_view


@dataclass(frozen=True)
class Sample:
    """One page to look at: the address, the reader, the object it is about; `query` after the address; `most` bytes
    that it may load."""

    view: str
    reader: str = "anonymous"
    object: str = ""
    query: str = ""
    path: str = ""
    status: int = 200
    most: int = 300_000

    @property
    def id(self) -> str:
        """The sample's name in messages."""
        return "-".join(
            part for part in (self.view or self.path, self.reader, self.object, self.query) if part
        )


PUBLIC = (
    "portal:home", "portal:services", "portal:activities", "portal:calculator", "portal:track", "portal:verify",
    "portal:message_check", "portal:numbers", "portal:help", "portal:accessibility", "portal:privacy", "portal:terms",
    "portal:contact", "portal:developers", "portal:sitemap", "signin:sign_in", "signin:register", "signin:staff",
    "signin:switch_user",
)  # fmt: skip

PAGES: tuple[Sample, ...] = (
    *(Sample(view) for view in PUBLIC),
    Sample("portal:search", query="?q=رخصه محل"),
    Sample("portal:search", query="?q=لا يوجد شيء كهذا"),
    Sample("portal:service", object="shop"),
    Sample("portal:service", object="instant"),
    Sample("portal:status", object="review"),
    Sample("portal:status", object="invoiced"),
    Sample("portal:verify_code", object="licence"),
    Sample("ratings:rate", object="issued"),
    Sample("ratings:rate", object="rejected"),
    Sample("ratings:rate", object="review", status=409),
    Sample("ratings:rate", object="missing", status=404),
    Sample("portal:my_cases", "owner"),
    Sample("portal:requests", "owner"),
    Sample("portal:licences", "owner"),
    Sample("portal:licence", "owner", "licence"),
    Sample("portal:licence", "owner", "suspended"),
    Sample("portal:licence_object", "owner", "suspended"),
    Sample("portal:licence_link", object="licence"),
    *(
        Sample("portal:case", "owner", name)
        for name in ("outside", "review", "returned", "rejected", "invoiced", "issued")
    ),
    Sample("portal:object", "owner", "rejected"),
    Sample("apply:start", "owner", "shop"),
    *(
        Sample("apply:page", "owner", "mine", query=key)
        for key in ("activity", "premises", "right", "sign", "safety", "papers", "declarations")
    ),
    Sample("apply:page", "owner", "empty", query="activity"),
    Sample("apply:page", "clerk", "counter", query="activity"),
    Sample("apply:page", "officer", "own", query="items"),
    Sample("apply:review", "owner", "mine"),
    Sample("apply:review", "owner", "empty"),
    Sample("apply:confirm", "owner", "renewal"),
    Sample("apply:receipt", "owner", "sent"),
    Sample("reports:listed"),
    Sample("reports:listed", query="?group=GRP-FOOD&state=closed"),
    Sample("reports:seen", object="report"),
    Sample("reports:new"),
    Sample("reports:new", query="?q=زبالة"),
    Sample("reports:new", query="?group=GRP-LIGHTING"),
    Sample("reports:details", "owner_self", "told"),
    Sample("reports:similar", "owner_self", "told"),
    Sample("reports:who", "owner_self", "told"),
    Sample("reports:who", "telling", "nameless"),
    Sample("reports:code", "telling", "nameless"),
    Sample("reports:receipt", "owner_self", "filed"),
    Sample("reports:report", object="report"),
    Sample("reports:report", object="open_report"),
    Sample("reports:photos", "supervisor"),
    Sample("reports:intake", "supervisor"),
    Sample("reports:taken", "supervisor", "report"),
    Sample("reports:handle", "supervisor", "report"),
    Sample("reports:handle", "supervisor", "open_report"),
    Sample("reports:wall", "supervisor"),
    Sample("signin:code", "asked_for_code"),
    Sample("signin:register_code", "registering"),
    Sample("signin:totp", "asked_for_totp"),
    Sample("signin:step_up", "officer"),
    Sample("signin:capacity", "owner"),
    Sample("signin:unlock", "officer"),
    Sample("desk:home", "officer"),
    Sample("desk:home", "section_head", query="?of=unit"),
    Sample("desk:home", "body"),
    Sample("desk:home", "admin"),
    Sample("desk:morning", "section_head", query="?of=unit"),
    Sample("desk:search", "officer", query="?q=مطعم"),
    Sample("desk:board", "section_head"),
    Sample("desk:mine", "officer"),
    Sample("desk:my_request", "officer", "leave"),
    Sample("desk:my_request", "officer", "supplies"),
    Sample("desk:case", "section_head", "leave"),
    Sample("desk:numbers", "head"),
    Sample("desk:finance", "finance"),
    Sample("desk:partners", "admin"),
    Sample("desk:partner_new", "admin"),
    Sample("desk:partner", "admin", "partner"),
    Sample("desk:audit", "auditor"),
    Sample("desk:audit", "auditor", "review"),
    Sample("desk:licence", "head", "licence"),
    Sample("desk:case", "officer", "review"),
    Sample("desk:case", "officer", "returned"),
    Sample("desk:case", "head", "head"),
    Sample("desk:case", "head", "issued"),
    Sample("desk:case", "inspector", "visit"),
    Sample("desk:case", "body", "outside"),
    Sample("desk:case", "auditor", "review"),
    Sample("console:health", "admin"),
    Sample("console:process", "head"),
    Sample("console:process_service", "head", "shop"),
    Sample("console:whatif", "head", "shop", status=422),
    Sample("console:people", "admin", query="?q=a"),
    Sample("console:person", "admin", "colleague"),
    Sample("console:services", "admin"),
    Sample("console:service", "admin", "shop"),
    Sample("console:version", "admin", "shop"),
    Sample("console:version_rules", "admin", "shop", query="?rule=fees&try=1&v.form.area_m2=60"),
    Sample("console:draft", "admin", "written", most=420_000),  # with the editor
    Sample("console:publication", "admin", "asked"),
    Sample("console:sandbox", "admin"),
    Sample("console:sandbox_run", "admin", "sent"),
    Sample("console:sandbox_page", "admin", "tried"),
    Sample("console:sandbox_entry", "admin", "tried"),
    Sample("console:changes", "admin"),
    Sample("console:change", "admin", "changed"),
    Sample("console:change_version", "admin", "changed"),
    Sample("console:change_move", "admin", "changed", query="?from=1"),
    Sample("console:change_record", "admin", "changed"),
    Sample("console:packages", "admin"),
    Sample("console:package", "admin", "sent_to_us"),
    Sample("console:lists", "admin"),
    Sample("console:list", "admin", "prices"),
    Sample("console:list_row", "admin", "prices", query="?code=activity-A"),
    Sample("console:calendars", "admin"),
    Sample("console:calendar", "admin", "office"),
    Sample("signin:enrol", status=404),
    Sample("counter:home", "clerk"),
    Sample("counter:slip", "clerk", "slip"),
    Sample("counter:slip", "clerk", "unsigned"),
    Sample("counter:change", "clerk", "slip"),
    Sample("reports:work", "body"),
    Sample("reports:work", "officer", query="?crew=-"),
    Sample("reports:work_page", "body", "work"),
    Sample("reports:judge", "inspector"),
    Sample("reports:judge_page", "inspector", "judged"),
    Sample("desk:case", "inspector", "judged"),
    Sample("", path="/no-such-page", status=404),
    Sample("", "owner", path="/desk/", status=403),
)

#: Addresses that show no page of their own, and why.
NO_PAGES: dict[str, str] = {
    **dict.fromkeys(
        ("portal:complete", "portal:withdraw", "apply:renew", "apply:about", "apply:discard", "apply:remove",
         "desk:act", "desk:note", "desk:photo", "desk:vote", "desk:conclude",
         "desk:licence_suspend", "desk:licence_lift", "desk:licence_revoke",
         "desk:my_start", "desk:my_act", "stores:issue",
         "desk:claim", "desk:release", "desk:undo", "desk:cancel", "desk:reopen", "desk:board_move",
         "desk:board_rebalance", "desk:finance_settle", "desk:partner_do", "desk:bulk", "desk:bulk_do", "signin:again",
         "signin:register_again", "signin:set_language", "signin:sign_out", "signin:lock", "ui:preferences",
         "ui:set_language", "portal:feedback", "counter:send_code", "counter:consent", "counter:renew",
         "counter:apply", "counter:take", "counter:close", "console:disable", "console:enable",
         "console:end_sessions", "console:reset", "console:reset_confirm", "console:reset_withdraw",
         "console:reset_link", "console:change_undo", "console:calendar_make",
         "console:calendar_change", "console:list_change",
         "console:draft_begin", "console:draft_aside", "console:publication_ask",
         "console:sandbox_begin", "console:sandbox_move", "console:sandbox_back", "console:sandbox_samples",
         "reports:work_from_here", "reports:work_done", "reports:work_bounce",
         "reports:work_here", "reports:work_crew", "reports:work_remove", "reports:judge_act",
         "reports:work_save", "reports:work_upload"),
        "a form is sent here; it leads on, or shows again the page it came from",
    ),
    **dict.fromkeys(
        (*(view for view in by_view() if view.startswith(("api:", "open311:"))), "apply:autosave", "apply:upload",
         "integrations_payments:notice", "integrations_registers:answer",
         "integrations_sms:receipt", "integrations_webhooks:schema", "apply:districts", "apply:streets",
         "apply:place_search", "healthz",
         "health_live", "health_ready", "metrics"),
        "data for a script or a machine",
    ),
    **dict.fromkeys(
        ("portal:bill", "portal:document", "portal:card", "apply:slip", "apply:file", "desk:paper", "desk:document",
         "counter:missing", "reports:work_file", "console:process_log", "console:version_package",
         "console:sandbox_document"),
        "a file",
    ),
    **dict.fromkeys(
        ("reports:draft_remove", "reports:answer", "reports:still"),
        "a form is sent here; it leads on, or shows again the page it came from",
    ),
    **dict.fromkeys(("reports:autosave", "reports:draft_upload", "reports:points"), "data for a script"),
    **dict.fromkeys(
        ("reports:draft_file", "reports:slip", "reports:report_file", "reports:photo", "reports:photo_to_check"),
        "a file",
    ),
    **dict.fromkeys(("dossier:case", "dossier:licence"), "an archive"),
    **dict.fromkeys(("console:draft_check", "console:version_diagram"), "data for a script"),
    **dict.fromkeys(("portal:case_now", "desk:fresh"), "a part of a page"),
    "apply:resume": "leads to the page where the draft was left",
    "portal:party": "shown to the other party of a running transfer only; walked in cases/test_transfer.py",
}  # fmt: skip
