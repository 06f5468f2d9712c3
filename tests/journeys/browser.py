"""A browser without JavaScript: cookies, redirects, pages, and forms filled in as a person fills them in.

It can do what a person can: only fields that the page has take a value, only offered choices can be chosen, a text is
cut where the field ends, and a form sends exactly what it holds.
"""

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import httpx
from lxml import html

from tests.journeys.steps import Broken

LANGUAGE = "diwan_language"
Content = tuple[str, bytes, str]
"""File name, bytes, media type."""


def squeeze(text: str) -> str:
    """A text as read: runs of space as one, without the marks that only steer the direction of writing."""
    shown = "".join(sign for sign in text if sign not in "\u2066\u2067\u2068\u2069\u200e\u200f")
    return " ".join(shown.split())


class Form:
    """One form of a page."""

    def __init__(self, page: "Page", element: html.FormElement) -> None:
        self._page = page
        self._element = element
        self._files: dict[str, list[Content]] = {}

    def _controls(self, name: str) -> list[html.HtmlElement]:
        own = [found for found in self._all() if found.get("name") == name and found.get("disabled") is None]
        if not own:
            raise Broken(f"the form has no field {name}; it has {', '.join(self.names())}", page=self._page)
        return own

    def _all(self) -> list[html.HtmlElement]:
        inside = list(self._element.iter("input", "select", "textarea", "button"))
        number = self._element.get("id")
        if number:
            inside += [
                found
                for found in self._page.tree.iter("input", "select", "textarea", "button")
                if found.get("form") == number and found not in inside
            ]
        return [found for found in inside if found.get("form") in (None, number)]

    def names(self) -> list[str]:
        """Names of the fields, each once."""
        return list(dict.fromkeys(found.get("name") for found in self._all() if found.get("name")))

    def has(self, name: str) -> bool:
        """Whether there is a field of that name."""
        return name in self.names()

    def value(self, name: str) -> str:
        """What the field holds: a text, or the choice that is ticked."""
        controls = self._controls(name)
        if controls[0].get("type") in ("checkbox", "radio"):
            controls = [found for found in controls if found.get("checked") is not None]
        return _value(controls[0]) if controls else ""

    def fill(self, **values: Any) -> Self:
        """Type, choose or tick: a text, a choice's value, True or False, or a list of values."""
        return self.set(values)

    def set(self, values: Mapping[str, Any]) -> Self:
        """The same for names that are no Python words."""
        for name, value in values.items():
            self._set(name, value)
        return self

    def _set(self, name: str, value: Any) -> None:
        controls = self._controls(name)
        kind = (controls[0].get("type") or "text").lower() if controls[0].tag == "input" else controls[0].tag
        if kind in ("checkbox", "radio"):
            self._tick(name, controls, value, only_one=kind == "radio")
        elif kind == "select":
            self._select(name, controls[0], value)
        elif kind == "textarea":
            controls[0].text = str(value)
        elif kind in ("hidden", "file", "submit", "button"):
            raise Broken(f"nobody can type into {name} ({kind})", page=self._page)
        else:
            most = controls[0].get("maxlength")
            controls[0].set("value", str(value)[: int(most)] if most else str(value))

    def _tick(self, name: str, boxes: list[html.HtmlElement], value: Any, *, only_one: bool) -> None:
        if isinstance(value, bool) and len(boxes) == 1:
            wanted = {_value(boxes[0])} if value else set()
        else:
            wanted = {str(value)} if isinstance(value, str) else {str(one) for one in value}
        offered = {_value(box) for box in boxes}
        if not wanted <= offered or (only_one and len(wanted) != 1):
            raise Broken(f"{name} offers {sorted(offered)}, not {sorted(wanted)}", page=self._page)
        for box in boxes:
            box.attrib.pop("checked", None)
            if _value(box) in wanted:
                box.set("checked", "")

    def _select(self, name: str, element: html.HtmlElement, value: Any) -> None:
        options = {_option(found): found for found in element.iter("option")}
        if str(value) not in options:
            raise Broken(f"{name} offers {sorted(options)}, not {value}", page=self._page)
        for found in options.values():
            found.attrib.pop("selected", None)
        options[str(value)].set("selected", "")

    def attach(self, name: str, *files: Content) -> Self:
        """Choose files from the device."""
        (control,) = self._controls(name)
        if control.get("type") != "file":
            raise Broken(f"{name} takes no files", page=self._page)
        self._files[name] = list(files)
        return self

    def options(self, name: str) -> dict[str, str]:
        """Choices of a field: value and words."""
        found: dict[str, str] = {}
        for control in self._controls(name):
            if control.tag == "select":
                found |= {_option(one): squeeze(one.text_content()) for one in control.iter("option")}
            else:
                found[_value(control)] = squeeze(control.getparent().text_content())
        return found

    def _button(self, press: str | None) -> html.HtmlElement | None:
        buttons = [found for found in self._all() if _is_submit(found) and found.get("disabled") is None]
        if press is None:
            return buttons[0] if buttons else None
        for button in buttons:
            if press in (button.get("value"), squeeze(button.text_content())):
                return button
        offered = [squeeze(found.text_content()) or found.get("value") for found in buttons]
        raise Broken(f"no button {press}; there are {offered}", page=self._page)

    def data(self, button: html.HtmlElement | None) -> list[tuple[str, str]]:
        """What the form sends: fields in their order on the page and the button that was pressed."""
        sent: list[tuple[str, str]] = []
        for control in self._all():
            name = control.get("name")
            if not name or control.get("disabled") is not None or control.get("type") == "file":
                continue
            if _is_submit(control):
                if control is button:
                    sent.append((name, _value(control)))
            elif control.tag == "select":
                sent += [(name, one) for one in _selected(control)]
            elif control.get("type") not in ("checkbox", "radio") or control.get("checked") is not None:
                sent.append((name, _value(control)))
        return sent

    def submit(self, press: str | None = None, *, status: int | None = 200) -> "Page":
        """Press a button, named by its value or its words; without a name the first, as Enter does."""
        button = self._button(press)
        action = (
            (button.get("formaction") if button is not None else None) or self._element.get("action") or ""
        )
        address = urljoin(self._page.url, action)
        method = (
            (button.get("formmethod") if button is not None else None) or self._element.get("method") or "get"
        ).lower()
        return self._page.browser.send(
            method, address, self.data(button), files=self._files, multipart=self._is_multipart(), status=status,
            referer=self._page.url,
        )  # fmt: skip

    def _is_multipart(self) -> bool:
        return str(self._element.get("enctype", "")).lower() == "multipart/form-data"


class Page:
    """An answer of the server: its text, links and forms."""

    def __init__(self, browser: "Browser", response: httpx.Response) -> None:
        self.browser = browser
        self.response = response
        self.url = str(response.url)
        self.status = response.status_code
        self.is_html = response.headers.get("content-type", "").startswith("text/html")
        source = response.text if self.is_html and response.text.strip() else "<html></html>"
        self.tree = html.document_fromstring(source)

    @property
    def path(self) -> str:
        """The path of the address."""
        return urlsplit(self.url).path

    @property
    def text(self) -> str:
        """All of the page's text as read, scripts and styles apart."""
        return squeeze(" ".join(self.tree.xpath("//body//text()[not(ancestor::script or ancestor::style)]")))

    def digits(self) -> str:
        """The text without the spaces and dashes by which numbers are shown in groups."""
        return self.text.replace("-", "").replace(" ", "")

    @property
    def language(self) -> tuple[str, str]:
        """Language and direction of the page."""
        return self.tree.get("lang", ""), self.tree.get("dir", "")

    def part(self, xpath: str) -> str:
        """The text of the first element of an XPath; stops when there is none."""
        return squeeze(self.element(xpath).text_content())

    def element(self, xpath: str) -> html.HtmlElement:
        """The first element of an XPath."""
        found = self.tree.xpath(xpath)
        if not found:
            raise Broken(f"the page has no {xpath}", page=self)
        return found[0]

    def all(self, xpath: str) -> list[Any]:
        """Everything that an XPath finds."""
        return list(self.tree.xpath(xpath))

    def says(self, *words: str) -> Self:
        """Stop unless the page says all of these."""
        for word in words:
            if squeeze(word) not in self.text:
                raise Broken(f"the page does not say {word!r}", page=self)
        return self

    def says_not(self, *words: str) -> Self:
        """Stop if the page says one of these."""
        for word in words:
            if squeeze(word) in self.text:
                raise Broken(f"the page says {word!r}", page=self)
        return self

    def links(self) -> list[tuple[str, str]]:
        """Words and address of every link."""
        return [
            (squeeze(found.text_content()), urljoin(self.url, found.get("href")))
            for found in self.tree.iter("a")
            if found.get("href")
        ]

    def address(self, *, words: str = "", path: str = "") -> str:
        """The address of the first link with these words or with this in its path."""
        for text, address in self.links():
            if (words and words in text) or (path and path in urlsplit(address).path):
                return address
        raise Broken(f"the page has no link {words or path}", page=self)

    def click(self, words: str = "", *, path: str = "", status: int = 200) -> "Page":
        """Follow a link."""
        return self.browser.open(self.address(words=words, path=path), status=status, referer=self.url)

    def form(self, action: str = "", *, having: str = "") -> Form:
        """The first form whose address ends or begins so, or that has a field; without words the page's main form."""
        for element in self.tree.iter("form"):
            form = Form(self, element)
            where = urlsplit(urljoin(self.url, element.get("action") or "")).path
            if having and form.has(having):
                return form
            if action and (where.endswith(action) or where.startswith(action)):
                return form
            if not action and not having and element.xpath("ancestor::main"):
                return form
        raise Broken(f"the page has no form {action or having}", page=self)

    def errors(self) -> list[str]:
        """The lines of the error summary and of the fields."""
        return [
            squeeze(found.text_content())
            for found in self.tree.xpath(
                "//*[contains(concat(' ', @class, ' '), ' error-summary ') or contains(@class, 'field-error')]"
            )
        ]


class Browser:
    """One person's browser: its own cookies, its own address book, in Arabic unless told otherwise."""

    def __init__(self, base: str, *, language: str = "ar") -> None:
        self.base = base
        self.opened = 0
        self.client = httpx.Client(
            trust_env=False,
            timeout=60,
            headers={"Accept-Language": language, "User-Agent": "journey (no scripts)"},
        )
        if os.environ.get("JOURNEY_LANGUAGE", "ar") != language:
            # Where the first page speaks another language, its reader has chosen this one before.
            self.client.cookies.set(LANGUAGE, language)

    def close_and_reopen(self) -> None:
        """Close the browser and open it again: cookies that were to end with it are gone."""
        ended = [each for each in self.client.cookies.jar if each.expires is None and each.name != LANGUAGE]
        for cookie in ended:
            self.client.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)

    def open(self, address: str, *, status: int = 200, referer: str = "") -> Page:
        """Type an address or follow a link."""
        return self.send("get", urljoin(self.base + "/", address), [], status=status, referer=referer)

    def look(self, address: str) -> tuple[int, Page]:
        """Type an address whose answer may be a refusal; its status and the page."""
        self.opened += 1
        page = Page(self, self._redirected(self.client.get(urljoin(self.base + "/", address))))
        return page.status, page

    def send(
        self,
        method: str,
        address: str,
        data: Sequence[tuple[str, str]],
        *,
        files: Mapping[str, Sequence[Content]] | None = None,
        multipart: bool = False,
        status: int | None = 200,
        referer: str = "",
    ) -> Page:
        """One request and the redirects after it; stops when the answer's status is another (None: any)."""
        self.opened += 1
        headers = {"Referer": referer, "Origin": _origin(referer)} if referer and method == "post" else {}
        if method == "get":
            response = self.client.get(address, params=httpx.QueryParams(list(data)) if data else None)
        elif multipart:
            parts: list[tuple[str, Any]] = [(name, (None, value)) for name, value in data]
            parts += [(name, one) for name, many in (files or {}).items() for one in many]
            response = self.client.post(address, files=parts, headers=headers)
        else:
            response = self.client.post(
                address,
                content=str(httpx.QueryParams(list(data))).encode(),
                headers={**headers, "Content-Type": "application/x-www-form-urlencoded"},
            )
        page = Page(self, self._redirected(response))
        if status is not None and page.status != status:
            raise Broken(f"{method.upper()} {address} answered {page.status}, not {status}", page=page)
        return page

    def _redirected(self, response: httpx.Response) -> httpx.Response:
        for _ in range(10):
            if response.status_code not in (301, 302, 303):
                return response
            response = self.client.get(urljoin(str(response.url), response.headers["location"]))
        raise Broken(f"the redirects from {response.url} do not end")

    def download(self, address: str, to: Path) -> bytes:
        """Keep a file; its bytes."""
        page = self.open(address)
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(page.response.content)
        return page.response.content

    def wait(self, address: str, until: Any, *, seconds: float, what: str) -> Page:
        """Load a page again and again, as a person presses "refresh", until it shows what is awaited."""
        deadline = time.monotonic() + seconds
        while True:
            page = self.open(address)
            if until(page):
                return page
            if time.monotonic() > deadline:
                raise Broken(f"after {seconds:g} s the page still does not show {what}", page=page)
            time.sleep(0.25)


def _origin(address: str) -> str:
    found = urlsplit(address)
    return f"{found.scheme}://{found.netloc}"


def _is_submit(element: html.HtmlElement) -> bool:
    if element.tag == "button":
        return str(element.get("type", "submit")).lower() == "submit"
    return element.tag == "input" and element.get("type") in ("submit", "image")


def _value(element: html.HtmlElement) -> str:
    if element.tag == "textarea":
        return str(element.text_content()).removeprefix("\n")
    if element.tag == "select":
        return next(iter(_selected(element)), "")
    default = "on" if element.get("type") in ("checkbox", "radio") else ""
    return str(element.get("value", default))


def _option(element: html.HtmlElement) -> str:
    given = element.get("value")
    return squeeze(element.text_content()) if given is None else str(given)


def _selected(element: html.HtmlElement) -> list[str]:
    options = [found for found in element.iter("option") if found.get("disabled") is None]
    chosen = [_option(found) for found in options if found.get("selected") is not None]
    if element.get("multiple") is not None:
        return chosen
    return chosen[-1:] or [_option(found) for found in options[:1]]
