"""Names of people as the pages of the console show them."""

from diwan.people.models import Account


def person_name(account: Account | None, language: str) -> str:
    """The name of an account in a language, "" without one."""
    if account is None:
        return ""
    return account.name_en if language == "en" else account.name_ar
