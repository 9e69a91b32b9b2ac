"""Đổi tiêu chí: another threshold on the same figures; which communes change status, where, and how many people live there."""

from ui import choices, criterion_choices, criterion_page, frame


def draw(page: frame.Frame) -> None:
    choices.draw_choices(page, has_map=False)
    criterion_choices.draw_own_choices(page)
    read = criterion_page.read_criterion(page)
    criterion_page.draw_head(page, read)
    if read is not None:
        criterion_page.draw_body(page, read)
        criterion_page.draw_caption(page, read)


frame.show("criterion", draw, criterion_choices.CHOICES, without=("measure", "sort"))
