"""The examples of the developers' page: shown there as they stand, and run by a test as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from diwan.kit.errors import N_


@dataclass(frozen=True, slots=True)
class Example:
    """One example: what it shows (message ids), and the same in curl (POSIX shell) and in Python with httpx.

    `DIWAN_URL` and `DIWAN_TOKEN` are taken from the environment; each piece of Python goes on from the ones before.
    """

    key: str
    title: str
    about: str
    curl: str
    python: str


EXAMPLES: Final = (
    Example(
        "services",
        N_("Find a service"),
        N_("No token is needed to read what is offered."),
        'curl -sS -f "$DIWAN_URL/api/v1/services?limit=5"',
        """\
import os
import uuid

import httpx

api = httpx.Client(
    base_url=os.environ["DIWAN_URL"] + "/api/v1/",
    headers={"Authorization": "Bearer " + os.environ["DIWAN_TOKEN"], "Accept-Language": "en"},
)
services = api.get("services", params={"q": "instant", "limit": 5}).raise_for_status().json()
for service in services["items"]:
    print(service["slug"], service["name"]["en"])""",
    ),
    Example(
        "fee",
        N_("Ask what it would cost"),
        N_("Answers that are still missing are named in `missing`."),
        """\
curl -sS -f "$DIWAN_URL/api/v1/services/shop-licence-instant/fee" \\
  -H "Content-Type: application/json" \\
  -d '{"answers": {"activities": ["952902"], "area_m2": "40"}}'""",
        """\
fee = api.post(
    "services/shop-licence-instant/fee",
    json={"answers": {"activities": ["952902"], "area_m2": "40"}},
).raise_for_status().json()
print(fee["total"], fee["missing"])""",
    ),
    Example(
        "draft",
        N_("Fill in a draft"),
        N_(
            "Every write needs an Idempotency-Key of its own: if no answer came, send the same again under that key."
        ),
        """\
curl -sS -f -D headers.txt "$DIWAN_URL/api/v1/drafts" \\
  -H "Authorization: Bearer $DIWAN_TOKEN" \\
  -H "Idempotency-Key: $(date +%s)-$$-draft" \\
  -H "Content-Type: application/json" \\
  -d '{"service": "shop-licence-instant",
       "applicant": {"national_id": "2123456788", "name_ar": "مريم حسن", "mobile": "+966500000001"},
       "answers": {"trade_name_ar": "مشغل الشريك"}}'""",
        """\
made = api.post(
    "drafts",
    headers={"Idempotency-Key": str(uuid.uuid4())},
    json={
        "service": "shop-licence-instant",
        "applicant": {"national_id": "2123456788", "name_ar": "مريم حسن", "mobile": "+966500000001"},
        "answers": {"trade_name_ar": "مشغل الشريك"},
    },
).raise_for_status()
draft = made.json()
print(draft["id"], sorted(draft["problems"]))""",
    ),
    Example(
        "change",
        N_("Change it"),
        N_(
            "If-Match carries the ETag that you read: whoever changed the draft meanwhile is not overwritten (412)."
        ),
        """\
draft=$(sed -n 's/^[Ll]ocation: *\\([^[:space:]]*\\).*/\\1/p' headers.txt)
etag=$(sed -n 's/^[Ee][Tt]ag: *\\([^[:space:]]*\\).*/\\1/p' headers.txt)
curl -sS -f -X PATCH "$DIWAN_URL$draft" \\
  -H "Authorization: Bearer $DIWAN_TOKEN" \\
  -H "Idempotency-Key: $(date +%s)-$$-change" \\
  -H "If-Match: $etag" \\
  -H "Content-Type: application/merge-patch+json" \\
  -d '{"answers": {"area_m2": "40"}}'""",
        """\
changed = api.patch(
    "drafts/" + draft["id"],
    headers={"Idempotency-Key": str(uuid.uuid4()), "If-Match": made.headers["ETag"]},
    json={"answers": {"area_m2": "40"}},
).raise_for_status()
print(changed.json()["revision"])""",
    ),
    Example(
        "drafts",
        N_("Find a draft again"),
        N_("Drafts that were not sent yet, the newest first."),
        """\
curl -sS -f "$DIWAN_URL/api/v1/drafts?service=shop-licence-instant&limit=5" \\
  -H "Authorization: Bearer $DIWAN_TOKEN\"""",
        """\
drafts = api.get("drafts", params={"service": "shop-licence-instant", "limit": 5}).raise_for_status().json()
print(drafts["items"][0]["id"] == draft["id"])""",
    ),
    Example(
        "completion",
        N_("Complete what came back"),
        N_(
            "A returned case says what is asked for again and why. Its draft changes nothing else, and is sent with "
            "If-Match."
        ),
        """\
curl -sS -f "$DIWAN_URL/api/v1/cases?state=returned&limit=1" \\
  -H "Authorization: Bearer $DIWAN_TOKEN" \\
  | grep -o '"number":"[0-9]*"' | tr -dc '0-9\\n' | while read -r number; do
  curl -sS -f "$DIWAN_URL/api/v1/cases/$number/completion" -H "Authorization: Bearer $DIWAN_TOKEN"
done""",
        """\
for case in api.get("cases", params={"state": "returned", "limit": 1}).raise_for_status().json()["items"]:
    waits = api.get("cases/" + case["number"] + "/completion").raise_for_status().json()
    for asked in waits["asked"]:
        print(asked["key"], [reason["says"]["en"] for reason in asked["reasons"]])
    begun = api.post(
        "cases/" + case["number"] + "/completion", headers={"Idempotency-Key": str(uuid.uuid4())}
    ).raise_for_status()
    mended = api.patch(
        "drafts/" + begun.json()["id"],
        headers={"Idempotency-Key": str(uuid.uuid4()), "If-Match": begun.headers["ETag"]},
        json={"answers": {asked["key"]: "9" for asked in waits["asked"] if asked["kind"] == "answer"}},
    ).raise_for_status()
    sent = api.post(
        "drafts/" + begun.json()["id"] + "/send",
        headers={"Idempotency-Key": str(uuid.uuid4()), "If-Match": mended.headers["ETag"]},
    ).raise_for_status()
    print(sent.json()["number"], "completed")""",
    ),
    Example(
        "problem",
        N_("Read a refusal"),
        N_("A refusal is application/problem+json: `code` is for your program, `detail` for people."),
        """\
curl -sS -o problem.json -w "%{http_code}\\n" "$DIWAN_URL/api/v1/cases/26000000179"
cat problem.json""",
        """\
refused = api.post("drafts/" + draft["id"] + "/send", headers={"Idempotency-Key": str(uuid.uuid4())})
problem = refused.json()
print(refused.status_code, problem["code"], sorted(problem["fields"]))
if refused.status_code == 429:
    print("wait", refused.headers["Retry-After"], "seconds")""",
    ),
    Example(
        "pages",
        N_("Go through a list"),
        N_("`next` and the Link header lead to the next page; there are no page numbers."),
        """\
curl -sS -f "$DIWAN_URL/api/v1/cases?limit=25" \\
  -H "Authorization: Bearer $DIWAN_TOKEN\"""",
        """\
page = api.get("cases", params={"limit": 25}).raise_for_status()
while True:
    for case in page.json()["items"]:
        print(case["number"], case["state"], case["stage"]["en"] if case["stage"] else "")
    if "next" not in page.links:
        break
    page = api.get(page.links["next"]["url"]).raise_for_status()""",
    ),
    Example(
        "verify",
        N_("Verify a document"),
        N_("By number, or by sending the file itself; no token is needed for a few."),
        """\
curl -sS -f "$DIWAN_URL/api/v1/verifications" \\
  -H "Content-Type: application/pdf" --data-binary "%PDF-1.7\"""",
        """\
verdict = api.post(
    "verifications", content=b"%PDF-1.7", headers={"Content-Type": "application/pdf"}
).raise_for_status().json()
print(verdict["finding"], verdict["says"]["en"])""",
    ),
)
