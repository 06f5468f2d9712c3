"""What is done with reports: filed, sent, followed, joined, closed with proof, judged."""

from diwan.modules.reports.actions.answer_later import answer_later, ask_later
from diwan.modules.reports.actions.answer_report import answer_report
from diwan.modules.reports.actions.arrive import arrive
from diwan.modules.reports.actions.assign_crew import assign_crew
from diwan.modules.reports.actions.check_photo import check_photo
from diwan.modules.reports.actions.comment_report import comment_report
from diwan.modules.reports.actions.file_draft import file_draft
from diwan.modules.reports.actions.file_report import Filing, file_report
from diwan.modules.reports.actions.finish_work import Device, finish_work
from diwan.modules.reports.actions.follow_report import follow_report
from diwan.modules.reports.actions.forward_report import forward_report
from diwan.modules.reports.actions.load_contracts import load_contracts
from diwan.modules.reports.actions.merge_reports import merge_reports
from diwan.modules.reports.actions.place_report import place_report
from diwan.modules.reports.actions.project_report import project_report
from diwan.modules.reports.actions.reclassify_report import reclassify_report
from diwan.modules.reports.actions.send_report import send_report
from diwan.modules.reports.actions.split_report import split_report

__all__ = [
    "Device", "Filing", "answer_later", "answer_report", "arrive", "ask_later", "assign_crew", "check_photo",
    "comment_report", "file_draft", "file_report", "finish_work", "follow_report", "forward_report", "load_contracts",
    "merge_reports", "place_report", "project_report", "reclassify_report", "send_report", "split_report",
]  # fmt: skip
