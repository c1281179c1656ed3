"""DNS names as certificates may have them, and the ASCII form of internationalised ones."""

import re
import unicodedata

MAX_NAME = 253
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PREFIX = "xn--"


def is_label(text: str) -> bool:
    """Whether it is a label: 1 to 63 lower-case letters, digits and inner dashes (RFC 1123, section
    2.1). Dashes in the third and fourth place are reserved for A-labels (RFC 5891, section
    4.2.3.1); Let's Encrypt issues for no other.
    """
    if not _LABEL.fullmatch(text):
        return False
    return text[2:4] != "--" or _is_a_label(text)


def is_domain(text: str) -> bool:
    """Whether it is two or more labels, at most 253 characters together (RFC 1035, section 2.3.4).

    The top-level domain has letters only, or is an A-label (RFC 3696, section 2; root zone).
    """
    labels = text.split(".")
    top = labels[-1]
    known = (top.isalpha() and len(top) > 1) or top.startswith(_PREFIX)
    return len(text) <= MAX_NAME and len(labels) > 1 and known and all(map(is_label, labels))


def ascii_form(text: str) -> str:
    """The name in lower case, with A-labels (xn--...) for labels of other characters than ASCII.

    The form of IDNA2008 (RFC 5891) for a name that its rules allow; they are not checked.
    """
    name = unicodedata.normalize("NFC", text.strip().rstrip(".").lower())
    return ".".join(map(_a_label, name.split(".")))


def _a_label(label: str) -> str:
    return label if label.isascii() else f"{_PREFIX}{label.encode('punycode').decode()}"


def _is_a_label(label: str) -> bool:
    """Whether it is the ASCII form of a label with other characters than ASCII."""
    try:
        decoded = label.removeprefix(_PREFIX).encode().decode("punycode")
    except UnicodeError:
        return False
    known = not decoded.isascii() and decoded.isprintable()
    return label.startswith(_PREFIX) and known and _a_label(decoded) == label
