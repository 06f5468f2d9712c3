"""The pages of an application form, shared by the portal and the counter: from the first answer to the receipt.

Who fills it in (a resident, an establishment's manager, a clerk for a visitor) is decided by the draft; the room in
which the pages are drawn follows from the actor (`rooms`). What other screens call:

    starting.begin(service, by, ...)          a new draft with first answers, for oneself or by a clerk for a visitor
    starting.begin_renewal(entry, by, ...)    the same for a licence to be renewed
    cases.actions.begin_completion(case_id, by)    the draft that completes a returned case (the one under way, if any)
    sheets.open_sheet(draft_id, by)           a draft with its service, context, pages and papers
    lamps.judge(sheet, language)                       the lamp before submit: own rules and what the registers say
    prices.fee_of_answers(...)                fee lines with the reason of each
    slips.receipt_pdf(case, by, paper)        the slip on A4 or 80 mm
    reverse("apply:resume", draft_id)         where to go on

Addresses (`routes.py`): `/apply/...`, `/places/...` (map and street search), `/files/<id>` (papers of a draft or case).
"""
