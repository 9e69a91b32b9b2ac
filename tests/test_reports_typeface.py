"""A document is set whatever stands in it: every sign is one that the shipped typeface has."""

import io
import unicodedata

import pypdf
from test_reports_figure import DRAWING, SAID

from reports.figure import make_figure
from reports.typeface import UNKNOWN_SIGN, fit_content, fit_text, known_letters


def test_every_vietnamese_letter_is_kept_and_composed():
    letters = "aăâbcdđeêghiklmnoôơpqrstuưvxy" + "áàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
    whole = letters + letters.upper() + "0123456789 .,;:–−%÷·…“”()=/"
    assert fit_text(whole) == whole and {ord(letter) for letter in whole} <= known_letters()
    assert fit_text(unicodedata.normalize("NFD", whole)) == unicodedata.normalize("NFC", whole)


def test_signs_without_a_glyph_are_replaced_also_inside_lists():
    said = fit_content({"rows": [["81% → 93%", 3]], "note": "\N{GRINNING FACE} Tổ vận động\u200b", "none": None})
    assert said == {"rows": [["81% – 93%", 3]], "note": f"{UNKNOWN_SIGN} Tổ vận động", "none": None}


def test_a_document_with_foreign_signs_is_set_with_every_letter_there_is():
    every = "".join(map(chr, sorted(known_letters() - {0x7F}))) + " \N{GRINNING FACE}中→▲"
    pdf = make_figure(DRAWING.replace("Xã Đắk Ơ", "Xã → Đắk Ơ"), "pdf", **{**SAID, "caption": every})
    text = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "Xã – Đắk Ơ" in text and "→" not in text
