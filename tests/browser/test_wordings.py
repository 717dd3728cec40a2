"""Sentences that were stored in English, said in the language of the reader."""

import pytest
from django.utils import translation

from econnect_admin.saying import say, say_stored

REACHED = "eConnect could not be reached: %(why)s. It is tried again."


def test_a_wording_is_said_in_the_language_of_the_reader() -> None:
    values = {"why": "no answer in time"}
    with translation.override("nl"):
        assert say(REACHED, values) == (
            "eConnect was niet bereikbaar: geen antwoord op tijd. Het wordt opnieuw geprobeerd."
        )
    with translation.override("en"):
        assert say(REACHED, values) == "eConnect could not be reached: no answer in time. It is tried again."


def test_what_came_from_outside_is_not_translated() -> None:
    with translation.override("nl"):
        assert say("eConnect refuses: %(message)s [%(code)s]", {"message": "failed", "code": "E1"}) == (
            "eConnect weigert: failed [E1]"
        )


def test_the_reason_inside_a_sentence_has_values_of_its_own() -> None:
    values = {"why": "it has no %(name)s", "name": "CreatedOn"}
    with translation.override("nl"):
        assert say("eConnect's answer cannot be used: %(why)s. It is tried again.", values) == (
            "Het antwoord van eConnect is niet bruikbaar: het heeft geen CreatedOn. "
            "Het wordt opnieuw geprobeerd."
        )


@pytest.mark.parametrize("message", ["100% sure", "HTTP 503", "%(code)s", "%s", "%(message)s %"])
def test_signs_of_a_template_in_a_value_are_only_signs(message: str) -> None:
    with translation.override("en"):
        said = say("eConnect refuses: %(message)s [%(code)s]", {"message": message, "code": "E1"})
    assert said == f"eConnect refuses: {message} [E1]"


def test_a_sentence_that_lacks_a_value_is_still_shown() -> None:
    with translation.override("en"):
        assert say_stored({"message": REACHED, "values": {}}) == REACHED


def test_a_sentence_that_is_not_translated_is_shown_in_english() -> None:
    with translation.override("nl"):
        assert say("The moon is %(colour)s.", {"colour": "blue"}) == "The moon is blue."


def test_nothing_stored_is_nothing_said() -> None:
    assert say_stored(None) == say_stored({}) == ""
