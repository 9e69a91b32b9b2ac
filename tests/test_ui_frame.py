"""What a reader sees of a bug: one plain sentence with a code, never a trace."""

import pytest
from streamlit.testing.v1 import AppTest


def show_a_bug() -> None:
    from ui.frame import say_unexpected

    assert say_unexpected(ValueError("secret detail /srv/baophu")) is True


@pytest.mark.parametrize(("lang", "sentence"), [("vi", "lỗi ngoài dự kiến"), ("en", "unexpected")])
def test_a_bug_is_a_sentence_with_a_code_that_stands_in_the_log(
    lang: str, sentence: str, caplog: pytest.LogCaptureFixture
):
    app = AppTest.from_function(show_a_bug)
    app.query_params["lang"] = lang
    app.run()
    shown = app.get("html")[0].proto.body
    assert sentence in shown and "ValueError" not in shown and "secret" not in shown
    code = next(record.args[0] for record in caplog.records if record.name == "ui.frame")
    assert code in shown
