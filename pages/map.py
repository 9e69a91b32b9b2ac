"""Bản đồ: every measure on the map, two periods side by side, the unit behind a click, and where to begin."""

import streamlit as st

from ui import choices, frame, map_page
from ui.home_facts import PLACE
from ui.layers import CHOICES


def draw(page: frame.Frame) -> None:
    facts = map_page.load_map(page.knowing(*map_page.LAYER))
    page.draw_part("choices", (*PLACE, "level"), choices.draw_choices)
    page.draw_part("measures", ("programme", "period", "indicator", "span", "second"), map_page.draw_measures)
    page.draw_part("banners", (*map_page.LAYER, "second"), lambda own: map_page.say_banners(own, facts))
    page.draw_part("headline", map_page.LAYER, lambda own: map_page.draw_headline(own, facts))
    if facts.layer is not None:
        left, right = (
            st.columns([62, 38], gap="large") if not map_page.has_second(page) else (st.container(), st.container())
        )
        with left:
            page.draw_part("map", map_page.MAP, lambda own: map_page.draw_maps(own, facts))
        with right:
            page.draw_part("card", (*map_page.LAYER, "selected"), lambda own: map_page.draw_card(own, facts))
            page.draw_part("priority", map_page.PRIORITY, lambda own: map_page.draw_priority(own, facts))
            page.draw_part("mark", map_page.MARK, lambda own: map_page.draw_mark(own, facts))
        page.draw_part("table", map_page.TABLE, lambda own: map_page.draw_table(own, facts))
        page.draw_part("caption", (*map_page.LAYER, "classes"), lambda own: map_page.draw_caption(own, facts))


frame.show("map", draw, CHOICES)
