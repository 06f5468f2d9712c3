"""Workflows as data. Pure: no Django, no database, no clock, no network. Imports only `diwan.rules` and `diwan.kit`.

Publishing::

    table = compile_workflow(definition, where=where, vocabulary=Vocabulary(...))   # WorkflowError(faults) when wrong
    stored = to_json(table); table = from_json(stored)                             # exactly reversible, JSON-able

``definition`` is plain data read from YAML; ``where(path) -> (file, line)`` places a path of it (tuple of keys and
list indexes; asked only for faults). The compiler proves the workflow sound: it walks every position a case can reach.

Running::

    outcome = start(table, facts, evaluate)                        # Outcome(position, effects)
    outcome = advance(table, position, event, facts, evaluate)     # FlowError(code) when the event does not fit

* ``facts``: nested values of the rules' variables (``form``, ``applicant``, ``answers``, ``today`` ...).
* ``evaluate(rule, facts) -> diwan.rules.Verdict``: ``rule`` is the CEL text of a branch, or ``"table:NAME"``;
  `diwan.rules.Rulebook(...).evaluate` is one.
* `Position(tokens, joins, next_id, returns, end)`: `Token(id, step, frames, data)`,
  `Join(id, split, expected, arrived)`. Rows of open tasks are the tokens; joins, next_id, returns and end are columns
  of the case. `Position.to_json` too.
* Events: `Completed(token, outcome, data)`, `Expired(token)`, `Paid(token)`, `Message(token, name)`, `Withdrawn()`,
  `Cancelled()`, `Intervened(name)`, `Reopened(to)`. What each kind of step listens to:

  ==========================  ===================================================================================
  task, visit, outside        ``Completed(token, <action key>)``; ``Expired`` takes the silence rule's outcome, if any
  party                       the same: the other party answers, or its silence does
  vote                        ``Completed(token, <choice>)`` as `diwan.flow.voting` found, or ``"no_quorum"``
  applicant                   ``Completed(token, "resubmitted")``; ``Expired`` goes to ``on_late``
  choice                      ``Completed(token, <action key>)`` by the applicant; ``Expired`` goes to ``on_late``
  chain                       ``Signed(token)`` for a signature that is not the last, else as a task
  child                       ``Completed(token, <end step of the child case>)``
  automatic                   ``Completed(token, <outcome>)`` once the registered act has run
  payment                     ``Paid(token)``; ``Expired(token)`` goes to ``on_expired``
  document                    ``Completed(token, "issued")``
  wait                        ``Message(token, <message>)``; ``Expired`` on its day, or to ``on_late``
  decision, split, each,      nothing: passed inside a move
  join, end
  ==========================  ===================================================================================

* Effects, in order, all to be applied in the transaction of the move: `OpenTask` and `CloseTask` (they mirror the
  tokens of EVERY waiting kind), `RunAct`, `RequestBill`, `IssueDocument`, `OpenChild`, `Notify`, `Decided` (for the
  history's "why"), `SetState`, `PauseClock`, `ResumeClock`, `End`. `CloseTask.outcome` is None when closed
  from elsewhere: void the bill, forget the running act.
* `standing(table, position)`: public state, holder, step whose text is shown, whether the clock rests.
* `returns_left(table, position)`: how often the case can still go back to the applicant.
* Who may act (role, scope, not_same_person_as, step_up, reasons, deadlines, may_change) is read from
  ``table.steps[key]`` (`Step`) and its ``exits[outcome]`` (`Exit`) and enforced by the caller.

A definition (keys marked * are required; every text is ``{ar, en}``; an exit is a step key or ``{to, cancels,
notices}``)::

    key*: code                      start*: step
    deadline: {amount*: int or CEL, unit*: working_days|working_hours|elapsed_hours (beside a CEL amount: CEL too),
               late: [{at*: percent, act*: remind|escalate|reassign|silence}]}
    withdraw: {to*: step, allowed_in: [steps]}         cancel: {role*, to*, allowed_in: [steps]}
    reopen: {role*, to*: step or [steps], within_days*: int, ends: [end steps]}
    returns: {most*: int, to*: step, why*: text}       # the return after `most` goes to `to`
    interventions: {KEY: {to*: step, roles*: [roles], label*: text, allowed_in: [steps], reason, reasons,
                          may_change: [fields], notices: [templates]}}     # a ruling closes whatever is open
    steps*:
      KEY: common to every waiting kind: kind*, public* (what the citizen reads), title, state (public state code),
           holder: us|applicant|payer|entity|party, clock: runs|paused, notices: [templates], deadline
        task, visit: role*, scope: municipality|amanah, department_from: CEL string or table:NAME, checklist* (visit),
                  not_same_person_as: [steps, filer, contested, followed (who acted on what this one follows)],
                  may_change: [fields], same_officer_on_return: bool,
                  nearest: bool (the nearest post above the one that filed which holds the role: its manager),
                  silence: {outcome*, text*},
                  actions*: {KEY: {to*, label*, effect: continue|approve|return|reject, reason: required|optional|none,
                                   reasons: list code, note: required|optional|none, step_up: bool,
                                   guard: registered condition,
                                   cancels: [splits], notices: [templates]}}
        outside:  entity or entity_from* (CEL string), actions*, silence
        party:    party*, mobile*: CEL string (id of the person or establishment asked, and where to write), deadline*,
                  shows: [fields that it reads], actions*, silence*     # pages with `by: KEY` are asked of it
        vote:     role* (members), chair*: role, quorum*: int, majority*: most|half|two_thirds, undecided*: choice that
                  stands when none has the majority, no_quorum*: exit, scope, not_same_person_as, actions*: the choices
        applicant: resume*: origin or step, deadline*, on_late*: exit, may_change
        choice:    actions* (as of a task), deadline*, on_late*: exit: the applicant says which
        automatic: act*, outcomes*: {OUTCOME: exit}
        payment:  on_paid*: exit, on_expired*: exit
        document: template*, authority*: standing, or approval:STEP (or a list: the latest approval counts), to*: exit
        wait:     message, to*: exit, on_late: exit; or until: CEL (date), to*: exit; or message, to, until, on_date*:
                  whichever comes first
        chain:    as a task, and up_to*: CEL (role) or table:NAME; the desk of role signs first, then the posts above
                  it one by one, up to the first that holds the role up_to; one action of effect approve with step_up
        child:    service*: an internal service, passes: {FIELD: CEL}, outcomes: {<its end step>: exit},
                  otherwise*: exit
        decision: branches*: [{when*: CEL, to*, why}], otherwise*: step or {to, why}
                  or table*: name, branches*: [{value*, to*, why}], otherwise
        split:    branches*: [{to*, when: CEL, why}]   (none applies: straight to behind the join)
        each:     over*: CEL (list of texts), to*: step; one token for each, whose rules read it as `item`
                  (none: straight to behind the join)
        join:     of*: split or each step, to*: step
        end:      state*, public*, notices, terminates: bool (closes what else is open)

An action of effect ``return`` leads to an applicant step; with ``resume: origin`` the resubmission comes back to the
step that returned it. ``cancels: [split]`` on an exit closes the other branches of that split if it is open around the
token. Defaults: state, holder and clock follow the kind (applicant and payment: clock paused); ``reason`` is required
for return and reject.
"""

from diwan.flow.codec import from_json, to_json
from diwan.flow.compiler import compile_workflow
from diwan.flow.core import advance, start
from diwan.flow.effects import (
    CloseTask,
    Decided,
    Effect,
    End,
    IssueDocument,
    Notify,
    OpenChild,
    OpenTask,
    PauseClock,
    RequestBill,
    ResumeClock,
    RunAct,
    SetState,
)
from diwan.flow.errors import Fault, FlowError, WorkflowError
from diwan.flow.events import (
    Cancelled,
    Completed,
    Event,
    Expired,
    Intervened,
    Message,
    Paid,
    Reopened,
    Signed,
    Withdrawn,
)
from diwan.flow.move import TABLE_RULE, Evaluate
from diwan.flow.position import Join, Outcome, Position, Standing, Token, returns_left, standing
from diwan.flow.table import Branch, Deadline, Exit, Intervention, Late, Silence, Step, Table, Text
from diwan.flow.vocabulary import Vocabulary

__all__ = [
    "TABLE_RULE",
    "Branch",
    "Cancelled",
    "CloseTask",
    "Completed",
    "Deadline",
    "Decided",
    "Effect",
    "End",
    "Evaluate",
    "Event",
    "Exit",
    "Expired",
    "Fault",
    "FlowError",
    "Intervened",
    "Intervention",
    "IssueDocument",
    "Join",
    "Late",
    "Message",
    "Notify",
    "OpenChild",
    "OpenTask",
    "Outcome",
    "Paid",
    "PauseClock",
    "Position",
    "Reopened",
    "RequestBill",
    "ResumeClock",
    "RunAct",
    "SetState",
    "Signed",
    "Silence",
    "Standing",
    "Step",
    "Table",
    "Text",
    "Token",
    "Vocabulary",
    "Withdrawn",
    "WorkflowError",
    "advance",
    "compile_workflow",
    "from_json",
    "returns_left",
    "standing",
    "start",
    "to_json",
]
