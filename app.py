"""Tổng quan: how far the nation, a province or a district is, what is missing, and where."""

from ui import choices, frame, home_facts, home_page, home_tables, unit_card, whats_new, whats_new_page
from ui.home_facts import PLACE


def draw(page: frame.Frame) -> None:
    facts = page.knowing(*PLACE).once("home facts", home_facts.load_facts)
    page.draw_part("choices", (*PLACE, "level"), choices.draw_choices)
    page.draw_part("banners", PLACE, lambda own: home_page.say_banners(own, facts))
    page.draw_part("headline", PLACE, lambda own: home_page.draw_headline(own, facts))
    left, right = home_page.split(facts)
    with left:
        page.draw_part("map", home_page.MAP, lambda own: home_page.draw_map(own, facts))
    with right:
        page.draw_part("card", (*PLACE, "selected"), lambda own: unit_card.draw_card(own, facts.threshold))
        page.draw_part("trend", PLACE, lambda own: home_page.draw_trend(own, facts), reached="trend")
        page.draw_part("news", whats_new_page.decided_by(page), whats_new_page.draw_whats_new)
        page.draw_part("ranking", home_tables.decided_by(page), lambda own: home_tables.draw_ranking(own, facts))
    page.draw_part("table", home_tables.TABLE, lambda own: home_tables.draw_table(own, facts))
    page.draw_part("caption", (*PLACE, "classes"), lambda own: home_page.draw_caption(own, facts))


frame.show("home", draw, whats_new.CHOICES)
