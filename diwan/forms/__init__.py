"""Forms built from fields: read, check, show and compare answers, without any request.

The public face:

    diwan.forms.plan      FormPlan, Page, Group, Field, Slot, Fact, LampRule: the form as data
    diwan.forms.registry  field kinds: kind(name) -> FieldKind with parse, display, to_raw, changed, cel, template
    diwan.forms.entry     FormContext, parse_page, validate_all, visible_fields, prefill, changes, raw_from_values
    diwan.forms.facts     derive(plan, values, context)
    diwan.forms.lamp      lamp(plan, values, context, ...) -> Lamp
"""
