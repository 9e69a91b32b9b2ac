"""Phương pháp và dữ liệu: what is measured, by which rules and settings, from which sources; written from the definitions."""

from ui import frame, method_page, parts


def draw(page: frame.Frame) -> None:
    parts.headline(page.words.say("method.title"))
    parts.prose(page.words.say("method.lead"))
    method_page.draw_contents(page)
    method_page.draw_sections(page)


frame.show("method", draw)
