"""Xu hướng: both goals over all programmes, units compared, where the present pace leads, and what breaks a series."""

from ui import frame, trends, trends_compare, trends_page, trends_projection, trends_small


def draw(page: frame.Frame) -> None:
    trends_page.draw_choices(page)
    story = trends_page.read_story(page)
    trends_page.say_banners(page, story)
    trends_page.draw_headline(page, story)
    trends_page.draw_long(page, story)
    if story.has_figures:
        trends_projection.draw_projection(page, story)
        trends_compare.draw_comparison(page, story)
        trends_small.draw_small_multiples(page, story)
    trends_page.draw_published(page, story)
    trends_page.draw_caption(page, story)


frame.show("trends", draw, trends.CHOICES, without=("level", "selected", "measure", "classes", "sort", "page"))
