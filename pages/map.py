"""Bản đồ: every measure on the map, two periods side by side, the unit behind a click, and where to begin."""

import streamlit as st

from ui import choices, frame, map_page
from ui.layers import CHOICES


def draw(page: frame.Frame) -> None:
    choices.draw_choices(page)
    map_page.draw_measures(page)
    facts = map_page.load_map(page)
    map_page.say_banners(page, facts)
    map_page.draw_headline(page, facts)
    if facts.layer is not None:
        left, right = (
            st.columns([62, 38], gap="large") if not map_page.has_second(page) else (st.container(), st.container())
        )
        with left:
            map_page.draw_maps(page, facts)
        with right:
            map_page.draw_card(page, facts)
            map_page.draw_priority(page, facts)
        map_page.draw_table(page, facts)
        map_page.draw_caption(page, facts)


frame.show("map", draw, CHOICES)
