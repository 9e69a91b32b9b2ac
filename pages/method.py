"""Phương pháp và nguồn: what is measured, by which rules, from which sources, and how real figures are loaded."""

from ui import frame, loaders, method, parts
from ui.view import NATION

page = frame.begin("method")
words, formats = page.words, page.formats
snapshot = loaders.snapshot_info()

parts.headline(words.say("method.title"))
parts.prose(words.say("method.lead"))

parts.section(words.say("method.measure_title"))
parts.bullets(words.section("method.measure").values())

parts.section(words.say("method.rules_title"))
head, rows = method.rule_rows(loaders.load_programmes(snapshot.snapshot_id), words, formats)
parts.plain_table(head, rows)
parts.prose(words.say("method.rules_unknown"))

parts.section(words.say("method.simulated_title"))
parts.prose(words.say("method.simulated"))
parts.section(words.say("method.load_title"), anchor="load")
parts.bullets(words.section("method.load").values(), numbered=True)

parts.section(words.say("method.published_title"))
head, rows = method.published_rows(loaders.load_published(snapshot.snapshot_id, NATION), words, formats)
parts.plain_table(head, rows)
parts.prose(words.say("method.published_note"))

parts.section(words.say("method.units_title"))
parts.bullets(words.section("method.units").values())

parts.section(words.say("method.snapshot_title"))
made = formats.day(snapshot.made_on)
parts.prose(words.say("method.snapshot", id=snapshot.snapshot_id, made=made))
