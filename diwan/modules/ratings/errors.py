"""Why somebody cannot rate."""

from diwan.kit.errors import N_, DiwanError


class LinkUnknown(DiwanError):
    """No invitation has this link: it was copied in part, or made up."""

    code = "ratings.link_unknown"
    message = N_("This link leads to no request. Open it again from the message, the whole of it.")


class LinkExpired(DiwanError):
    """The link is older than it holds."""

    code = "ratings.link_expired"
    message = N_("The time to rate this request has passed.")


class AlreadyRated(DiwanError):
    """The link was used."""

    code = "ratings.already_rated"
    message = N_("This request has been rated.")


class NotYet(DiwanError):
    """The case has not ended, or was opened again."""

    code = "ratings.not_yet"
    message = N_("The request has not ended yet. It can be rated when it has: we send a message then.")


class NotRated(DiwanError):
    """This kind of request, or the way it ended, is not rated."""

    code = "ratings.not_rated"
    message = N_("This request is not rated.")
