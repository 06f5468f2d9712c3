"""The note beside a date is told by the browser, in the server's own calendar: both agree on every day."""

import json
import shutil
import subprocess
from datetime import date, timedelta

import pytest

from diwan.kit import hijri
from tests.architecture.tree import ROOT

_SCRIPT = """
import { build } from "esbuild";
const made = await build({
  stdin: { contents: 'export { toHijri, fromHijri } from "./dates.js";', resolveDir: "diwan/ui/frontend/js" },
  bundle: true, write: false, format: "esm",
});
globalThis.document = {
  addEventListener() {}, querySelector: () => null, querySelectorAll: () => [], documentElement: { dataset: {} },
  getElementById: () => null, readyState: "loading", body: null,
};
globalThis.window = globalThis;
const url = "data:text/javascript;base64," + Buffer.from(made.outputFiles[0].text).toString("base64");
const { toHijri, fromHijri } = await import(url);
const days = [];
for (let at = Date.UTC(%d, 0, 1); at < Date.UTC(%d, 0, 1); at += 86400000) {
  const found = toHijri(at);
  days.push([found.year, found.month, found.day, fromHijri(found.year, found.month, found.day) === at]);
}
const edges = [toHijri(Date.UTC(1924, 6, 31)), toHijri(Date.UTC(2077, 10, 17)), fromHijri(1448, 9, 30),
  fromHijri(1501, 1, 1) === undefined, fromHijri(1342, 12, 29) === undefined];
console.log(JSON.stringify({ days, edges }));
"""
FIRST, LAST = 1925, 2077


@pytest.mark.skipif(
    not (ROOT / "node_modules" / "esbuild").is_dir() or shutil.which("node") is None,
    reason="needs the machine's own node",
)
def test_browser_and_server_agree_on_every_day() -> None:
    done = subprocess.run(
        ["node", "--input-type=module", "-e", _SCRIPT % (FIRST, LAST)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    day = date(FIRST, 1, 1)
    for year, month, number, back in told["days"]:
        assert back and hijri.to_hijri(day) == (year, month, number), day
        day += timedelta(days=1)
    assert day == date(LAST, 1, 1)
    assert told["edges"] == [None, None, None, True, True]
