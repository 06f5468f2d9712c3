"""docs/settings.md from the declarations in diwan/project/config.py: `python -m tools.settings_page`."""

from pathlib import Path
from typing import Final

from diwan.project.config import documented

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "settings.md"
HEAD: Final = """# Settings

Diwan reads its settings once, at start, from environment variables. A name that begins with `DIWAN_` and is not listed
here is refused together with the nearest known name. `./run` makes every value that the demo needs; an outside
PostgreSQL, mail server, gateway or authority is chosen by setting its variables. This page is written by
`python -m tools.settings_page` from `diwan/project/config.py`, and a test compares them.

| variable | default | meaning |
|---|---|---|
"""


def render() -> str:
    """The page as text."""
    rows = [
        f"| `{name}` | {f'`{default}`' if default else ''} | {text.replace('|', chr(92) + '|')} |"
        for name, default, text in documented()
    ]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(render(), encoding="utf-8")
