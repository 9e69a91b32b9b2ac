"""Kiểm tra tệp: drop a report and read what the loading command says of it; nothing is kept unless it is handed in."""

from ui import check_page, frame

page = frame.begin("check")
if check_page.is_open(page):
    check_page.draw_drop_place(page)
    if (checked := check_page.last_checked(page)) is not None:
        check_page.draw_result(page, checked)
        check_page.draw_findings(page, checked)
        check_page.draw_downloads(page, checked)
    check_page.draw_templates(page)
