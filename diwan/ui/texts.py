"""Messages that the scripts show, translated on the server and handed over as data."""

from __future__ import annotations

from django.utils.translation import gettext as _


def script_texts() -> dict[str, str]:
    """Messages by key; `{time}`, `{n}` and such are filled in by the scripts."""
    return {
        "saving": _("Saving…"),
        "saved": _("Saved {time}"),
        "not_saved": _("Not saved yet. Trying again."),
        "offline": _(
            "No connection. What you typed is kept on this page and will be sent when the connection is back."
        ),
        "upload_of": _("{n} of {m}"),
        "upload_percent": _("{percent}% uploaded"),
        "upload_done": _("Uploaded"),
        "upload_wait": _("Waiting for the connection. The upload will go on by itself."),
        "upload_then_on": _(
            "A file is still on its way. The page goes on by itself as soon as it has arrived."
        ),
        "upload_signed_out": _(
            "The session has ended, so the file did not arrive. Sign in again and choose it once more; "
            "what was sent and typed before is kept."
        ),
        "upload_failed": _("The file was not uploaded. Choose it again."),
        "upload_too_big": _("The file is larger than {limit}. Choose a smaller one or take a new photo."),
        "upload_empty": _("The file is empty. Choose another one."),
        "size_kb": _("{n} kB"),
        "size_mb": _("{n} MB"),
        "shrinking": _("Making the photo smaller…"),
        "remove": _("Remove"),
        "copied": _("Copied"),
        "resend_in": _("A new code can be sent in {n} seconds"),
        "date_other_h": _("This is {date} in the Hijri calendar"),
        "date_other_g": _("This is {date} in the Gregorian calendar"),
        "date_none": _("There is no such date. Check the day and the month."),
        "date_short": _("That month has {n} days. Check the day."),
        "pin_accuracy": _("exact to about {n} m"),
        "pin_rough": _("only exact to about {n} m: move the pin to the right place"),
        "voice_recording": _("Recording. Speak now."),
        "voice_denied": _(
            "The microphone is not available. Write what you want to say, or choose a recording."
        ),
        "location_denied": _(
            "The location is not available. Choose a street or a landmark, or move the pin."
        ),
        "pin_at": _("Pin: {lat}, {lon}"),
        "pin_label": _("Location pin. Move it with the arrow keys."),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "fit": _("Show all of it"),
        "no_faults": _("No faults."),
        "line": _("Line {n}"),
        "unlock_failed": _("The password is not right. Try again."),
    }
