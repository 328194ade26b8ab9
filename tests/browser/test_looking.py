"""What the tests of pages look with sees what it is to see."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Look
from tests.browser.looking import PHONE, Looking


@pytest.fixture
def looking(look: Look) -> Looking:
    found = look(None, viewport=PHONE)
    found.page.goto("/login")
    return found


def test_barriers_are_found_in_a_page_under_its_policy(looking: Looking) -> None:
    assert looking.barriers() == []
    looking.page.evaluate("document.querySelector('label').replaceWith(document.querySelector('input[name=login]'))")
    (barrier,) = looking.barriers()
    assert barrier.startswith("label: ")


def test_pale_words_are_found(looking: Looking) -> None:
    looking.page.evaluate("document.querySelector('h1').style.color = '#bbb'")
    assert [barrier.partition(":")[0] for barrier in looking.barriers()] == ["color-contrast"]


def test_what_sticks_out_is_found(looking: Looking) -> None:
    assert looking.fits()
    looking.page.evaluate("document.querySelector('h1').style.width = '400px'")
    assert not looking.fits()


@pytest.mark.parametrize(
    "fault",
    [
        "setTimeout(() => { throw new Error('broken') })",
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = true'}))",
        "document.body.setAttribute('style', 'color: red')",
        "document.body.append(Object.assign(new Image(), {src: 'https://elsewhere.example/pixel.png'}))",
    ],
    ids=["error", "inline script", "inline style", "elsewhere"],
)
def test_errors_and_what_the_policy_blocks_are_noted(looking: Looking, fault: str) -> None:
    looking.page.evaluate(f"() => {{ {fault} }}")
    looking.page.wait_for_timeout(200)
    assert len(looking.faults) == 1
    assert looking.page.evaluate("window.ran") is None
    looking.faults.clear()
