"""Credentials 账号和口令: how what is typed becomes what is compared.

Both are brought to one form (NFKC), since a Chinese keyboard easily sends full-width letters and digits.
"""

from unicodedata import category, normalize

from domain.registry.entry import local_code
from domain.registry.refusals import BadText
from domain.sign_in_refusals import WeakPassword

MIN_PASSWORD = 12
MAX_PASSWORD = 128


def login_name(text: str) -> str:
    """账号 in one form, in lower case, as phones begin a word with a capital. Refuses `BadCode`."""
    return local_code(normalize("NFKC", text).strip().casefold(), "账号")


def typed_password(text: str) -> str:
    """口令 in one form, blanks included. Refuses `BadText`: empty, too long, or with control characters."""
    text = normalize("NFKC", text)
    if not 1 <= len(text) <= MAX_PASSWORD or any(category(each) in {"Cc", "Cs"} for each in text):
        raise BadText(field="口令", most=MAX_PASSWORD)
    return text


def new_password(text: str) -> str:
    """A password somebody chooses. Refuses `BadText`, and `WeakPassword` when shorter than `MIN_PASSWORD`."""
    text = typed_password(text)
    if len(text) < MIN_PASSWORD:
        raise WeakPassword(minimum=MIN_PASSWORD)
    return text
