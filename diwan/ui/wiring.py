"""What the interface adds to every page."""

CONTEXT_PROCESSORS = ["diwan.ui.context.page"]
