"""A map or chart that is taken away carries its title, caption and mark, whatever form it has."""

import io
import struct

import pypdf
import pytest

from reports.figure import LegendItem, make_figure

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100" viewBox="0 0 200 100" font-family="Be Vietnam Pro">'
    '<rect width="200" height="50" fill="#0b4a7d"/><text x="10" y="80" font-size="12">Xã Đắk Ơ</text></svg>'
)
SAID = {
    "title": "Còn 412 xã thiếu dưới 200 người",
    "subtitle": "Tỷ lệ dân số tham gia BHYT, tháng 12/2020",
    "caption": "Nguồn: BHXH Việt Nam · *không đậm* #lorem(3) $x$",
    "alt": "Bản đồ",
    "lang": "vi",
    "simulated": "số mô phỏng",
    "legend": (LegendItem("#a9d3e6", "từ 85% đến dưới 90%", "3.287", edge=True),),
    "width": 480,
}


def test_the_pdf_says_everything_and_embeds_only_our_typeface():
    reader = pypdf.PdfReader(io.BytesIO(make_figure(DRAWING, "pdf", **SAID)))
    text = " ".join(reader.pages[0].extract_text().split())
    for part in (SAID["title"], SAID["subtitle"], SAID["caption"], "số mô phỏng", "từ 85% đến dưới 90%", "Xã Đắk Ơ"):
        assert part in text
    fonts = {str(font["/BaseFont"]) for font in find_fonts(reader)}
    assert fonts and all("+BeVietnamPro" in font for font in fonts)
    assert reader.metadata.title == SAID["title"] and reader.trailer["/Root"]["/Lang"] == "vi"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def find_fonts(reader: pypdf.PdfReader) -> list[dict]:
    fonts = []
    for page in reader.pages:
        resources = [page["/Resources"]]
        while resources:
            found = resources.pop()
            fonts += [font.get_object() for font in found.get("/Font", {}).values()]
            for inner in found.get("/XObject", {}).values():
                if "/Resources" in inner.get_object():
                    resources.append(inner.get_object()["/Resources"])
    return fonts


@pytest.mark.parametrize("form", ["png", "svg"])
def test_pictures_have_the_size_asked_for(form):
    made = make_figure(DRAWING, form, **SAID)
    if form == "png":
        assert made[:8] == b"\x89PNG\r\n\x1a\n"
        width, _ = struct.unpack(">II", made[16:24])
        assert width == 480 * 192 // 72
    else:
        assert b"<svg" in made[:200] and b"<script" not in made
