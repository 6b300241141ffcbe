"""Which files are read as scripts, how, and how others are refused."""

from __future__ import annotations

import codecs
import io
import json
import time
import zipfile
from pathlib import Path

import pytest

from previs.script.fountain import parse
from previs.script.reading import LARGEST_FILE, NotAScreenplay, read_source

SCRIPT = "INT. CAFÉ - DAY\n\nZOË\n“Oui.”\n"


def refusal(raw: bytes, name: str = "file.fountain") -> str:
    with pytest.raises(NotAScreenplay) as refused:
        read_source(raw, name)
    message = refused.value.message
    assert message == str(refused.value)
    assert message.endswith(".")
    return message


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (SCRIPT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + SCRIPT.encode(), "utf-8"),
        (codecs.BOM_UTF16_LE + SCRIPT.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + SCRIPT.encode("utf-16-be"), "utf-16-be"),
        (codecs.BOM_UTF32_LE + SCRIPT.encode("utf-32-le"), "utf-32-le"),
    ],
)
def test_unicode_is_read_by_its_mark_without_a_warning(raw: bytes, encoding: str) -> None:
    source = read_source(raw, "cafe.fountain")
    assert (source.text, source.encoding, source.warnings) == (SCRIPT, encoding, ())


def test_windows_text_is_read_with_a_warning_at_its_first_odd_letter() -> None:
    source = read_source(("\n" + SCRIPT).encode("cp1252"), "cafe.fountain")
    assert source.text == "\n" + SCRIPT
    assert (source.encoding, source.warnings[0].line) == ("cp1252", 2)
    assert "Windows-1252" in source.warnings[0].message


def test_one_damaged_byte_does_not_garble_a_whole_script() -> None:
    raw = (SCRIPT * 5).encode() + b"He said \xe9.\n"
    source = read_source(raw, "cafe.fountain")
    assert source.text.startswith(SCRIPT)
    assert source.text.count("\ufffd") == 1
    assert source.warnings[0].line == 21


def word_file() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "is empty"),
        (b" \r\n\t\n", "is empty"),
        (codecs.BOM_UTF8 + b"\n", "nothing but empty lines"),
        (b"%PDF-1.7\nINT. A - DAY\n", "is a PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "is a PNG picture"),
        (b"\xff\xd8\xff\xe0" + bytes(99), "is a JPEG picture"),
        (word_file(), "is a Word, Pages or zip file"),
        (b"\x7fELF" + bytes(99), "is a program"),
        (b"MZ" + bytes(99), "is a program"),
        (rb"{\rtf1 INT. A - DAY}", "is an RTF file"),
        (bytes(range(256)) * 8, "not a text file"),
        (b"INT. A - DAY\n\n\x00\n", "zero bytes"),
        (codecs.BOM_UTF16_LE + b"I\x00N\x00\x00\xd8", "is damaged"),
        (b"INT. A \x81\x8d\n", "neither UTF-8 nor Windows text"),
        (b'<?xml version="1.0"?>\n<FinalDraft DocumentType="Script">', "Final Draft file"),
        (b"<!DOCTYPE html>\n<html><body>Hello</body></html>", "a web page or XML"),
        (json.dumps({"scenes": [1, 2, {"a": "b"}]}, indent=1).encode(), "JSON data"),
        (b"scene,set,cast\n1,kitchen,2\n2,street,4\n3,bar,1\n", "a table"),
        (b"scene\tset\n1\tkitchen\n2\tstreet\n", "a table"),
        (b"import os\n\n\ndef main():\n    path = os.getcwd()\n    return path\n", "program code"),
        (b".button {\n  color: red;\n}\n\n.card {\n  margin: 0;\n}\n", "program code"),
        (b"#include <stdio.h>\n\nint main(void) {\n  int a = 1;\n  return a;\n}\n", "program code"),
    ],
)
def test_what_is_no_script_is_refused_in_words(raw: bytes, said: str) -> None:
    assert said in refusal(raw)


def test_a_final_draft_file_is_told_how_to_come_back() -> None:
    assert "Fountain" in refusal(b"anything", "film.fdx")


def test_a_file_too_large_is_refused_before_it_is_read() -> None:
    assert "at most 10" in refusal(b"x" * (LARGEST_FILE + 1))


def test_the_message_names_the_file_without_its_folders_and_tricks() -> None:
    message = refusal(b"", "../../etc/\u202e\x07" + "n" * 300 + ".pdf")
    assert message.startswith("nnn")
    assert len(message) < 200


def test_prose_is_accepted_with_a_strong_warning() -> None:
    source = read_source(b"Dear all,\n\nPlease find the script attached.\n\nYours\n", "letter.txt")
    assert "does not look like a screenplay" in source.warnings[-1].message


@pytest.mark.parametrize(
    "text",
    [
        "INT. A - DAY\n\nx = 1\n",
        ".FLASHBACK\n\nShe runs.\n",
        "MIA\nWhere are you, in the garden, or the house, or gone?\n",
        "[[a note first]]\n\nINT. A - DAY\n\nHe opens {a door}.\n",
        "Title: X\n\n**EXT. PIER - DAWN**\n\nFog.\n",
        "@mia\nHello.\n",
        "int. kitchen - day\n\nShe waits.\n",
        "EXT. PIER - DAWN\rFog.\r",
    ],
)
def test_a_script_is_not_taken_for_something_else(text: str) -> None:
    assert read_source(text.encode(), "x.txt").warnings == ()


@pytest.mark.parametrize(
    "raw",
    [
        b" " * 9_000_000 + b"x",
        b"\n" * 9_000_000 + b"x",
        b"A \n\n" * 2_000_000,
        b"[" * 9_000_000,
        b"\t\n \n" * 2_000_000 + b"x",
    ],
    ids=["spaces", "lines", "names", "brackets", "blanks"],
)
def test_nine_megabytes_of_nothing_in_particular_are_judged_at_once(raw: bytes) -> None:
    started = time.process_time()
    assert "does not look like a screenplay" in read_source(raw, "x.txt").warnings[-1].message
    assert time.process_time() - started < 2.5


def test_the_demo_screenplay_reads_without_a_warning() -> None:
    path = Path(__file__).parents[2] / "previs/demo/what_the_tide_owes.fountain"
    source = read_source(path.read_bytes(), path.name)
    assert source.warnings == parse(source.text).warnings == ()
