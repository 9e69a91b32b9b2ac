"""Lộ trình: what is missing where and in which group, the fewest people or communes, monthly steps, what-if, and the plan."""

from ui import frame, home_page, roadmap, roadmap_filed, roadmap_nation, roadmap_page, roadmap_plan, roadmap_whatif
from ui.view import NATION


def draw(page: frame.Frame) -> None:
    roadmap_page.draw_choices(page)
    if home_page.say_absence(page):
        roadmap_page.draw_empty_headline(page)
    elif page.view.unit == NATION:
        roadmap_nation.draw_nation(page)
    else:
        road = roadmap.read_roadmap(page)
        roadmap_page.say_banners(page, road)
        roadmap_page.draw_headline(page, road)
        roadmap_page.draw_groups(page, road)
        roadmap_page.draw_communes(page, road)
        roadmap_plan.draw_steps(page, road)
        roadmap_whatif.draw_whatif(page, road)
        roadmap_filed.draw_filed(page, road)
        roadmap_page.draw_caption(page, road)


frame.show("roadmap", draw, roadmap.CHOICES, without=("level", "measure", "classes", "sort"))
