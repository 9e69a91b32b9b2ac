"""Xếp hạng: who stands where by level, by share of communes that meet and by improvement, and what that does not mean."""

from ui import choices, frame, ranking_choices, ranking_page


def draw(page: frame.Frame) -> None:
    choices.draw_choices(page, has_map=False)
    ranking_choices.draw_own_choices(page)
    read = ranking_page.read_ranking(page)
    ranking_page.draw_head(page, read)
    if read is not None:
        ranking_page.draw_rankings(page, read)
        ranking_page.draw_caption(page, read)


frame.show("ranking", draw, ranking_choices.CHOICES, without=ranking_choices.list_idle)
