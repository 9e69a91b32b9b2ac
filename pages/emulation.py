"""Thi đua: the evaluation of a round, recognition, the library of initiatives, and the movement's log."""

from ui import (
    emulation,
    emulation_details,
    emulation_lists,
    emulation_page,
    frame,
    home_page,
    initiatives,
    movement_log_page,
    reader_frame,
    recognition,
)
from ui.takeaway import bar


def draw(page: frame.Frame) -> None:
    section = emulation.read_section(page)
    shown = emulation.read_view(page)
    emulation.draw_bar(page, shown, section)
    if section in emulation.INTERNAL_SECTIONS:
        reader_frame.say_own_only(page)
    if section == "log" and reader_frame.is_of_others(page):
        pass  # what was said above is all that this reader may know
    elif section == "log":
        movement_log_page.draw_log(page)
    elif section == "library":
        initiatives.draw_library(page)
    elif shown is None:
        emulation_page.draw_nothing(page)
        if section == "recognition":
            recognition.draw_awards(page)
    else:
        counted, now = emulation_lists.load_lists(page, shown)
        home_page.say_simulated(page, emulation_page.units_simulated(counted))
        if section == "recognition":
            recognition.draw_headline(page, shown, counted)
            bar.show(page, "report")
            recognition.draw_candidates(page, shown, counted)
            recognition.draw_exemplars(page, shown, counted)
            recognition.draw_awards(page)
        else:
            emulation_page.draw_headline(page, shown, counted)
            bar.show(page, "report")
            emulation_page.draw_ranking(page, shown, counted)
            emulation_details.draw_revisions(page, shown, counted, now)
            emulation_details.draw_apart(page, shown, counted)
            emulation_details.draw_groups(page, shown)
            emulation_details.draw_clusters(page, shown)
            emulation_details.draw_weights(page, shown, counted)
        emulation_page.draw_caption(page, shown, counted)


frame.show("emulation", draw, emulation.CHOICES)
