"""Names of a script in a sentence."""

from __future__ import annotations

import pytest
from django.template import Context, Template

from previs.names import shown


@pytest.mark.parametrize(
    ("written", "reads"),
    [
        ("NORA'S KITCHEN", "Nora's Kitchen"),
        ("NORA’S KITCHEN", "Nora’s Kitchen"),
        ("2ND FLOOR", "2nd Floor"),
        ("BAR 'CASSIOPEIA'", "Bar 'Cassiopeia'"),
        ("ÉLODIE", "Élodie"),
        ("O'NEIL'S BAR", "O'Neil's Bar"),
        ("L’ÉGLISE", "L’Église"),
    ],
)
def test_a_name_in_capitals_reads_like_a_name(written, reads):
    assert shown(written) == reads
    assert Template("{{ name|shown }}").render(Context({"name": written}, autoescape=False)) == reads


@pytest.mark.parametrize(
    "typed", ["Züm <B>Stern</B>", "iPhone shop", "McDowell's BAR", "the old mill", "Straße"]
)
def test_a_name_that_is_not_in_capitals_is_kept_as_it_was_typed(typed):
    assert shown(typed) == typed


def test_what_somebody_typed_as_a_tag_is_no_tag_on_a_page():
    page = Template("{{ name|shown }}").render(Context({"name": "Züm <B>Stern</B>"}))
    assert page == "Züm &lt;B&gt;Stern&lt;/B&gt;"
