"""The application of the catcher: routes over one `Catcher`."""

from aiohttp import web

from peers.base.control import add_control
from peers.base.server import new_app
from peers.catcher.pages import add_pages
from peers.catcher.service import Catcher, Options


def build(options: Options) -> tuple[web.Application, Catcher]:
    """The application of the catcher and its state, which the SMTP side shares."""
    catcher = Catcher(options)
    app = new_app()
    app.cleanup_ctx.append(catcher.background)
    add_control(app, catcher.board)
    add_pages(app, catcher)
    app.router.add_post("/sms", catcher.take_sms)
    return app, catcher
