"""Settings of the server under the browser: the product's own, with registers and messengers of the tests."""

from diwan.project.settings import *  # noqa: F403  everything is the product's

REGISTER_CLIENT = "tests.cast.Registers"
MESSAGE_TRANSPORTS = {
    "sms": "tests.pages.messenger.FileMessenger",
    "email": "tests.pages.messenger.FileMessenger",
}
# As in production: files are listed once, and a browser keeps them.
WHITENOISE_AUTOREFRESH = False
