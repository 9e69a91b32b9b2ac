"""Chất lượng dữ liệu: who has reported, what is missing, doubtful or refused, and the way back to file and cell."""

from ui import choices, frame, home_page, quality, quality_page


def draw(page: frame.Frame) -> None:
    choices.draw_choices(page, has_map=False)
    said = quality.read_quality(page)
    home_page.say_simulated(page, said.units_simulated() if said else 0)
    quality_page.draw_headline(page, said)
    if said is None:
        home_page.say_absence(page)
    else:
        quality_page.draw_trace(page, said)
        quality_page.draw_rejections(page, said)
        quality_page.draw_doubtful(page, said)
        quality_page.draw_reports(page, said)
    quality_page.draw_files(page, said)


frame.show("quality", draw, without=("level", "measure", "classes", "sort", "page"))
