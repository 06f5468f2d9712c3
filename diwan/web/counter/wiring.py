"""What the counter adds to every page: the open slips of a clerk, read only where they are shown."""

CONTEXT_PROCESSORS = ["diwan.web.counter.context.counter"]
