"""Texts that others wrote, shown so that they cannot disturb what stands around them."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

# What embeds, overrides or isolates a direction of writing: with it a name can be made to read as
# another one. Such a character is shown as what it is, and does nothing.
_OF_DIRECTION = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_MARKS = {ord(character): f"⟨U+{ord(character):04X}⟩" for character in _OF_DIRECTION}


def harmless(text: object) -> str:
    """The text with visible marks in the place of characters that turn the direction of writing."""
    return str(text).translate(_MARKS)


def isolated(text: object) -> SafeString:
    """HTML of the text that keeps its direction of writing to itself."""
    return format_html("<bdi>{}</bdi>", harmless(text))
