"""Lists and their columns in words, where they are known; an amanah's own keep their code."""

from django.utils.translation import gettext as _

from diwan.catalogue.queries.list_columns import AMOUNT, CLASSES, Column


def list_name(lookup: str) -> str:
    """The name of a list in the active language, else its code."""
    return {
        "activities": _("Shop activities"), "articles": _("Provisions"), "budget_lines": _("Budget lines"),
        "checklists": _("Checklists of visits"), "entities": _("Outside bodies"), "fee_rates": _("Prices of fees"),
        "land_uses": _("Land uses"), "leave_types": _("Kinds of leave"), "letter_topics": _("Subjects of letters"),
        "premises_types": _("Kinds of premises"), "rating_reasons": _("Reasons of ratings"),
        "rating_rules": _("Rules of rating"), "reasons": _("Reasons of decisions"),
        "registers": _("Registers that are asked"), "report_groups": _("Groups of reports"),
        "report_types": _("Types of reports"), "roles": _("Roles of posts"), "supplies": _("Supplies of the store"),
        "word_synonyms": _("Words that mean the same"), "work_phrases": _("Phrases of crews"),
    }.get(lookup, lookup)  # fmt: skip


def column_word(column: Column) -> str:
    """The name of a column in the active language, else its code."""
    if column.kind == "money":
        found = {AMOUNT: _("Amount"), **{name: _("Class {number}") for name in CLASSES}}[column.name]
        return found.format(number=column.name[-1])
    return {
        "unit": _("Unit of measure"), "effect": _("Used to"), "article": _("Provision"),
        "snippet": _("First text of the note"), "synonyms": _("Synonyms"), "items": _("Items of the checklist"),
        "photos": _("Photos"), "number": _("Number"), "text": _("Text"), "department": _("Department"),
        "body": _("Desk of the body"), "chapter": _("Chapter of the budget"), "most": _("Most days at once"),
        "counted": _("Taken from the account of days"), "open": _("Open to any activity"),
        "categories": _("Categories"), "risk": _("Risk"), "min_area": _("Least area"), "max_area": _("Largest area"),
        "uses": _("Land uses"), "supervisor": _("Supervising body"), "health_risk": _("Health risk"),
        "safety": _("Safety"), "rate_class": _("Class of the price"),
        "icon": _("Picture"), "help": _("Help"),
    }.get(column.name, column.name)  # fmt: skip
