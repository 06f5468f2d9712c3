"""The application of the payments peer: routes over one `Gateway`."""

from aiohttp import web

from peers.base.control import add_control
from peers.base.server import new_app
from peers.payments.pages import add_pages
from peers.payments.service import Gateway, Options


def build(options: Options) -> web.Application:
    """The application of the payments peer."""
    gateway = Gateway(options)
    app = new_app()
    app.cleanup_ctx.append(gateway.background)
    add_control(app, gateway.board)
    add_pages(app, gateway)
    app.router.add_post("/v1/bills", gateway.create)
    app.router.add_get("/v1/bills/{biller}/{number}", gateway.show)
    app.router.add_post("/v1/bills/{biller}/{number}/expire", gateway.expire)
    app.router.add_get("/v1/reconciliation", gateway.reconcile)
    return app
