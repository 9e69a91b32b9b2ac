"""Xếp hạng: who stands where by level, by share of communes that meet and by improvement, and what that does not mean."""

from ui import choices, frame, ranking_choices, ranking_page
from ui.home_facts import PLACE


def draw(page: frame.Frame) -> None:
    read = ranking_page.read_ranking(page)
    ranked = (*PLACE, *page.choices)

    def draw_head(own: frame.Frame) -> None:
        choices.draw_choices(own, has_map=False)
        ranking_choices.draw_own_choices(own)
        ranking_page.draw_head(own, read)

    page.draw_part("head", ranked, draw_head)
    if read is not None:
        ranking_page.draw_rankings(page, read, ranked)
        page.draw_part("caption", ranked, lambda own: ranking_page.draw_caption(own, read))


frame.show("ranking", draw, ranking_choices.CHOICES, without=ranking_choices.list_idle)
