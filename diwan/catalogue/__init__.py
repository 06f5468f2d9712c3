"""Services as data: what a service is, its versions, and everything that goes by date.

The public face of the package, stable for the engine and the screens:

Reading a version (`diwan.catalogue.compiled`)
    load_definition(version: ServiceVersion) -> CompiledService
        Cached in the process by (id, patch, hash). A case keeps the version it was opened with.
    CompiledService (immutable)
        .version_id .number .patch .slug .code .service_class .audiences .department .applicable .instant .quiet .rating
        .definition     Definition (catalogue.schema): every field of the YAML as frozen dataclasses
        .table          diwan.flow.table.Table, or None for a service that is only read
        .form           diwan.forms.plan.FormPlan (pages > groups > fields, slots, facts, lamp)
        .checks         tuple[Check]                .check(code)
        .fee_lines      tuple[FeeLine]
        .deadline       flow Deadline of the whole, or None
        .notices        event -> notice template (`submitted`, `returned`, `billed`, `issued`, `rejected`, ...)
        .reasons        every RSN-* code it uses;  .reason_codes(effect or list name);  .checklist(code) -> items
        .flow           the Table, for services that run (ValueError otherwise)
        .result  .entry  .renewal  .follow_ups  .standing_authority
        .name(lang) .summary(lang) .label(field or slot, lang)
        .public(stage, lang)   the citizen's words for a step key
        .title(step, lang)     the staff's words for a step key;  .stage_title(step) in both languages
        .outcome(step, outcome, lang)   label of an exit
        .context(on=, lookups=, places=, applicant=, entry=) -> forms.context.FormContext
        .derive(values, context) -> facts   derived facts of the answers (`{"risk": "high", ...}`), for Case.facts
        .lamp(values, documents, context) -> forms.lamp.Lamp
        .fee(values, facts, context, city_class=) -> ([Charged(line, charged, explain, why)], Totals); or NoRate
        .environment(values=, facts=, applicant=, entry=, checks=, outcomes=, visit=, case=, documents=, today=) -> dict
                               nested variables of every rule: `form.area_m2`, `facts.risk`, `checks.silent`, ...
        .evaluate(rule, environment) -> diwan.rules Verdict     any rule of the version
        .evaluate_check(check, environment with `answer`) -> Verdict
        .holds(rule | None, environment) -> bool                None holds always

Answers of registers (`diwan.catalogue.registers`): bind_answer(lookups, register, found=, record=), MalformedAnswer.

Reading the catalogue (`diwan.catalogue.queries`)
    current_version(slug, on) -> ServiceVersion | None      compiled_service(slug, on) -> CompiledService | None
    internal_service(slug, on): work that the product opens by itself; never among those offered
    search_services(text, on=, service_class=, audience=, department=, applicable=) -> [Card]
    class_counts(on)   related_services(service, on)   availability(slug)   available_in(slug, municipality_id, on)
    lookup(name, on) -> rows   lookup_row(name, code, on)   lookups_on(day) -> Shelf (what forms and fees read)
    calendar_for(municipality_id, unit_id=None) -> kit WorkingCalendar: the nearest up wins      holidays(year)
    calendar_rows()  calendar_row(code)  calendar_changes(code)  read_calendars() -> Calendars (uncached, for previews)
    Of the room of prices and lists: lists_on(day)  list_rows(lookup, day, text)  list_row(lookup, code)
    list_columns(lookup) -> [Column] (`queries.lists`)      reach_of(lookup, code, on) -> Reach (`queries.reach`)

Writing (`diwan.catalogue.actions`)
    draft_version, publish_version, patch_wording, load_packaged, set_availability, end_availability,
    set_lookup_row, end_lookup_row, make_calendar, set_holiday, remove_holiday, change_hours, give_calendar

Kinds (`diwan.catalogue.registry`): every kind that a definition may name, with its options and texts. Executors of acts
and results register in `diwan.cases.registry`; `diwan catalogue check` finds what is declared and not executed, or
executed and not declared.
"""
