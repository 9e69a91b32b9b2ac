"""Tổng quan: how far the nation, a province or a district is, what is missing, and where."""

from ui import choices, frame, home_facts, home_page, home_tables, unit_card, whats_new, whats_new_page


def draw(page: frame.Frame) -> None:
    choices.draw_choices(page)
    facts = home_facts.load_facts(page)
    home_page.say_banners(page, facts)
    home_page.draw_headline(page, facts)
    left, right = home_page.split(facts)
    with left:
        home_page.draw_map(page, facts)
    with right:
        unit_card.draw_selected(page, facts.threshold, page.report_of("card"))
        home_page.draw_trend(page, facts)
        whats_new_page.draw_whats_new(page)
        home_tables.draw_ranking(page, facts)
    home_tables.draw_table(page, facts)
    home_page.draw_caption(page, facts)


frame.show("home", draw, whats_new.CHOICES)
