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
        .reasons        every RSN-* code it may use;  .return_reasons  .reject_reasons
        .result         Result | None    .entry  Entry | None    .renewal  Renewal | None    .follow_ups
        .name(lang) .summary(lang)
        .public(stage, lang)   the citizen's words for a step key
        .title(step, lang)     the staff's words for a step key
        .outcome(step, outcome, lang)   label of an exit
        .derive(values, context) -> facts   derived facts of the answers (`{"risk": "high", ...}`), for Case.facts
        .environment(values=, facts=, applicant=, checks=, steps=, case=, answer=, today=) -> dict
                               the variables of every rule, flat and typed: `form.area_m2`, `facts.risk`,
                               `checks.silent` ...
        .evaluate(rule, environment) -> diwan.rules Verdict     any rule of the version: CEL text (or table name)
        .holds(rule | None, environment) -> bool                None holds always

Reading the catalogue (`diwan.catalogue.queries`)
    current_version(slug, on) -> ServiceVersion | None       search_services(...)       class_counts(...)
    availability(...)    lookup(name, on)    lookup_row(name, code, on)    calendar_for(municipality, unit)
    holidays(...)

Writing (`diwan.catalogue.actions`)
    publish_version, patch_wording, load_packaged, set_availability, set_lookup_row, set_holiday

Kinds (`diwan.catalogue.registry`): every kind that a definition may name, with its options and texts.
Executors of steps,
checks, effects and results register in `diwan.cases.registry`, which refuses one that is not declared here.
"""
