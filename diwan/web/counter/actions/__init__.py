"""Writes at the counter, one a file."""

from diwan.web.counter.actions.begin_application import begin_application
from diwan.web.counter.actions.close_slip import close_slip
from diwan.web.counter.actions.open_slip import TooManySlips, open_slip
from diwan.web.counter.actions.record_consent import record_consent
from diwan.web.counter.actions.take_over import take_over

__all__ = ["TooManySlips", "begin_application", "close_slip", "open_slip", "record_consent", "take_over"]
