"""The application of the registers peer: routes over one `Registers`."""

from aiohttp import web

from peers.base.control import add_control
from peers.base.server import new_app
from peers.registers.pages import add_pages
from peers.registers.service import Options, Registers


def build(options: Options) -> web.Application:
    """The application of the registers peer."""
    registers = Registers(options)
    app = new_app()
    app.cleanup_ctx.append(registers.background)
    add_control(app, registers.board)
    add_pages(app, registers)
    app.router.add_post("/v1/requests/{body}", registers.submit)
    app.router.add_get("/v1/requests/{body}/{id}", registers.poll)
    app.router.add_get("/v1/{register}", registers.ask)
    return app
