"""Who gets an answer: cookies that are absent, forged, of another site, too old, or of a reader without a role; the way to the
provider and back. The app behind is a small one that says for whom it would open the store."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from data.settings import Settings, get_settings
from ui import appearance, reader, sign_in
from ui.claims import Reader
from ui.sign_in import AskWho, read_asked

SECRET = "a secret of the tests with more than thirty-two letters"
PAGES = frozenset({"/", "/ranking"})
OURS = "http://127.0.0.1:8501"
ROLES = {
    "leadership": {"baophu_role": "leadership"},
    "office": {"baophu_role": "province", "baophu_province": "24"},
    "nobody": {},
    "lost": {"baophu_role": "province", "baophu_province": "99"},
}


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    cookies: list[str]
    text: str


@pytest.fixture
def set_up(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """A server of the internal edition that was told of a provider."""
    section = {"redirect_uri": f"{OURS}/oauth2callback", "cookie_secret": SECRET, "client_id": "a", "client_secret": "b",
               "server_metadata_url": "https://id.example"}  # fmt: skip
    monkeypatch.setattr(reader, "is_on", lambda: get_settings().edition == "internal")
    monkeypatch.setattr(reader, "get_secrets_auth_section", lambda: section)
    monkeypatch.setattr(sign_in, "get_cookie_secret", lambda: SECRET)
    monkeypatch.setattr(
        sign_in, "get_origin_from_redirect_uri", lambda: section["redirect_uri"].removesuffix("/oauth2callback")
    )
    monkeypatch.setattr(sign_in, "encode_provider_token", lambda provider: f"token-{provider}")


def cookie_of(role: str, *, secret: str = SECRET, name: str = "_streamlit_user", **changed: object) -> str:
    claims = {"origin": OURS, "is_logged_in": True, "sub": role, "iat": time.time() - 5, "name": "Trần <b>A</b>"}
    signed = create_signed_value(secret, name, json.dumps(claims | ROLES[role] | changed)).decode()
    return f"_streamlit_user={signed}"


async def small_app(scope, receive, send) -> None:
    """Says for whom the store would be opened; marks its answer as kept for ever, as value files are."""
    try:
        said = f"for {reader.audience().province or 'all'}"
    except reader.NotAllowed as refused:
        said = f"refused {refused.state}"
    headers = [(b"cache-control", b"public, max-age=31536000, immutable"), (b"access-control-allow-origin", b"*")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": said.encode()})


def ask(path: str, cookie: str = "", accept: str = "*/*", app: Callable = small_app) -> Answer:
    path, _, query = path.partition("?")
    headers = [(b"accept", accept.encode()), (b"cookie", cookie.encode())]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": headers}
    sent: list[dict] = []

    async def send(message: dict) -> None:
        sent.append(message)

    async def receive() -> dict:
        return {"type": "http.request", "body": b""}

    asyncio.run(AskWho(app, PAGES)(scope, receive, send))
    named = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    cookies = [value.decode() for name, value in sent[0]["headers"] if name.lower() == b"set-cookie"]
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(sent[0]["status"], named, cookies, body.decode())


GATED = ["/", "/ranking?unit=24", "/take/home/units.csv", "/values/0123456789abcdef.bin.gz", "/rest/a/b/c/d/e",
         "/layers/a/b/c/d/e/f", "/open/v1/latest/data.csv", "/media/abc.xlsx", "/_stcore/metrics", "/embed/map"]  # fmt: skip
STRANGERS = {
    "absent": "",
    "nonsense": "_streamlit_user=abc",
    "forged": cookie_of("leadership", secret="another secret of more than thirty-two letters"),
    "of another cookie": cookie_of("leadership", name="_streamlit_user_tokens"),
    "of another site": cookie_of("leadership", origin="https://elsewhere.example"),
    "not signed in": cookie_of("leadership", is_logged_in=False),
    "too old": cookie_of("leadership", iat=time.time() - 13 * 3600),
    "changed": cookie_of("leadership")[:-3] + "abc",
}


@pytest.mark.parametrize("path", GATED)
def test_every_address_answers_readers_only(set_up, path: str):
    for name, cookie in STRANGERS.items():
        answer = ask(path, cookie)
        assert answer.status == 401 and "for " not in answer.text and answer.headers["cache-control"] == "no-store", (
            name
        )
    for role in ("nobody", "lost"):
        answer = ask(path, cookie_of(role))
        assert answer.status == 403 and "quản trị" in answer.text and "for " not in answer.text
    assert ask(path, cookie_of("leadership")).text == "for all"


def test_an_office_gets_its_own_and_never_what_is_only_for_those_who_see_all(set_up):
    for path in GATED:
        if path.startswith("/_stcore"):
            assert ask(path, cookie_of("office")).status == 403
        else:
            assert ask(path, cookie_of("office")).text == "for 24"


def test_what_depends_on_the_reader_is_kept_by_nobody_else(set_up):
    headers = ask("/values/0123456789abcdef.bin.gz", cookie_of("leadership")).headers
    assert headers["cache-control"] == "private, no-cache" and headers["vary"] == "Cookie"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("path", ["/healthz", "/static/js/index.js", "/app/static/fonts/a.woff2", "/_stcore/health"])
def test_what_holds_no_figure_is_free_and_sees_nothing(set_up, path: str):
    for cookie in ("", cookie_of("leadership")):
        assert ask(path, cookie).text == "refused stranger"


def test_a_person_in_a_browser_gets_a_page_in_their_language_with_the_way_in(set_up):
    page = ask("/ranking?unit=24&lang=en", accept="text/html")
    assert page.status == 401 and '<html lang="en">' in page.text and "Sign in" in page.text
    assert f"/sign-in?next={quote('/ranking?unit=24&lang=en', safe='')}" in page.text
    old = ask("/", STRANGERS["too old"], accept="text/html")
    assert "đã hết hạn" in old.text
    refused = ask("/", cookie_of("nobody"), accept="text/html")
    assert refused.status == 403 and "Trần &lt;b&gt;A&lt;/b&gt;" in refused.text and "/auth/logout" in refused.text
    told = (page.text + old.text + refused.text).replace(f"<script>{appearance.script()}</script>", "")
    assert "<script" not in told


def test_the_way_in_remembers_what_was_asked_for(set_up):
    answer = ask(f"/sign-in?next={quote('/ranking?unit=24', safe='')}")
    assert answer.status == 302 and answer.headers["location"] == "/auth/login?provider=token-default"
    (cookie,) = answer.cookies
    assert cookie.startswith("baophu_asked=%2Franking%3Funit%3D24;")
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" not in cookie


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("/ranking?unit=24", "/ranking?unit=24"), ("%2Franking%3Funit%3D24", "/ranking?unit=24"), ("/", "/"),
        ("/take/home/units.excel.csv?unit=24", "/take/home/units.excel.csv?unit=24"),
        ("//evil.example", ""), ("https://evil.example/", ""), ("/\\evil.example", ""), ("/ranking\r\nx: y", ""),
        ("/sign-in", ""), ("/auth/logout", ""), ("/nowhere", ""), ("", ""), ("ranking", ""), ("/ranking?" + "a" * 2000, ""),
        ("%2F%2Fevil.example", ""), ("/take/../auth/logout", ""),
    ],
)  # fmt: skip
def test_only_an_address_of_ours_is_gone_back_to(asked: str, expected: str):
    assert read_asked(asked, PAGES) == expected


def provider_answers(location: str, *cookies: str, status: int = 302) -> Callable:
    """One of Streamlit's own routes."""

    async def app(scope, receive, send) -> None:
        headers = [(b"location", location.encode()), *((b"set-cookie", cookie.encode()) for cookie in cookies)]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"Authentication error"})

    return app


SET = "_streamlit_user=abc.def; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax"
TAKEN_AWAY = '_streamlit_user=""; Max-Age=0; Path=/; SameSite=lax'


def test_back_from_the_provider_the_page_asked_for_opens_and_the_cookie_ends_with_the_sign_in(set_up):
    answer = ask(
        "/oauth2callback?code=a&state=b",
        f"baophu_asked={quote('/ranking?unit=24', safe='')}",
        app=provider_answers("/", SET),
    )
    assert answer.headers["location"] == "/ranking?unit=24"
    assert "Max-Age=43200" in answer.cookies[0] and answer.cookies[1].startswith("baophu_asked=; ")
    elsewhere = ask("/oauth2callback?code=a&state=b", "baophu_asked=%2F%2Fevil.example", app=provider_answers("/", SET))
    assert elsewhere.headers["location"] == "/"


@pytest.mark.parametrize(
    ("query", "leads"),
    [
        ("?error=access_denied&state=b", "/sign-in/failed"),
        ("?code=stolen&state=b", "/sign-in/failed"),
        ("", "/sign-in/out"),
    ],
)
def test_a_way_back_without_an_identity_says_why(set_up, query: str, leads: str):
    answer = ask(f"/oauth2callback{query}", app=provider_answers("/", TAKEN_AWAY))
    assert answer.headers["location"] == leads and "Max-Age=0" in answer.cookies[0]
    assert ask(leads).status == 200 and "<h1>" in ask(leads, accept="text/html").text


def test_a_provider_that_is_down_is_said_in_plain_words(set_up):
    answer = ask("/auth/login?provider=x", accept="text/html", app=provider_answers("", status=400))
    assert answer.status == 502 and "Máy chủ đăng nhập không trả lời" in answer.text
    assert "Authentication error" not in answer.text


def test_behind_https_every_cookie_is_for_encrypted_lines_only(set_up, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sign_in, "get_origin_from_redirect_uri", lambda: "https://baophu.example.vn")
    answer = ask("/oauth2callback?code=a&state=b", app=provider_answers("/", SET))
    assert "; Secure" in answer.cookies[0]
    assert "Secure" in ask("/sign-in").cookies[0]


def test_whoever_signs_out_is_out_in_every_window(set_up, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reader, "ended", reader.Ended(2))
    cookie = cookie_of("leadership")
    assert ask("/", cookie).status == 200
    answer = ask("/auth/logout", cookie, app=provider_answers("/", TAKEN_AWAY))
    assert answer.headers["location"] == "/sign-in/out" and answer.headers["clear-site-data"] == '"cache"'
    assert ask("/", cookie).status == 401  # the cookie is still good by its signature
    assert ask("/", cookie_of("leadership", iat=time.time() - 1)).status == 200  # a later sign-in of the same person
    for sub in "abc":
        reader.ended.add(sub)
    assert "a" not in reader.ended and "c" in reader.ended


def test_the_public_edition_reads_no_identity_and_has_no_way_in(
    set_up, use_store, tmp_path, monkeypatch: pytest.MonkeyPatch
):
    use_store(tmp_path, "public")
    monkeypatch.setattr(sign_in, "read_claims", lambda cookies: pytest.fail("an identity was read"))
    assert ask("/", cookie_of("office")).text == "for all"
    assert ask("/values/a", cookie_of("office")).headers["cache-control"].startswith("public")
    for path in sorted(sign_in.WAYS):
        assert ask(path, cookie_of("leadership"), accept="text/html").status == 404


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({}, ""), ({"cookie_secret": "short"}, "secret_short"), ({"client_secret": ""}, "missing:client_secret"),
        ({"redirect_uri": "http://baophu.example.vn/oauth2callback"}, "not_https"),
        ({"redirect_uri": "http://localhost.evil.example/oauth2callback"}, "not_https"),
        ({"redirect_uri": "https://baophu.example.vn/"}, "not_https"),
        ({"redirect_uri": "https://baophu.example.vn/oauth2callback"}, ""),
    ],
)  # fmt: skip
def test_a_sign_in_that_would_keep_nobody_out_is_a_fault(set_up, changed: dict[str, str], fault: str):
    reader.get_secrets_auth_section().update(changed)
    assert reader.find_faults() == ([fault] if fault else [])


def test_headers_by_which_anybody_could_say_who_they_are_are_a_fault(set_up, monkeypatch: pytest.MonkeyPatch):
    known = reader.st.get_option
    monkeypatch.setattr(reader.st, "get_option", lambda name: {"X-User": "sub"} if "trusted" in name else known(name))
    assert reader.find_faults() == ["headers"]


def test_a_settings_file_that_cannot_be_read_is_a_fault_and_not_a_sign_in_that_is_off(monkeypatch, tmp_path):
    broken = tmp_path / "secrets.toml"
    broken.write_text("[auth\n", "utf-8")
    monkeypatch.setattr(reader.st, "get_option", lambda name: [str(broken), str(tmp_path / "none.toml")])
    assert reader.find_faults() == ["unreadable:secrets.toml"]
    broken.unlink()
    monkeypatch.setattr(reader, "get_secrets_auth_section", dict)
    monkeypatch.setattr(reader, "get_settings", lambda: Settings(tmp_path, sign_in_required=True))
    assert reader.find_faults() == ["none"]


def test_where_signing_in_is_on_a_thread_that_is_nobodys_reads_nothing(set_up):
    with pytest.raises(reader.NotAllowed):
        reader.audience()
    with reader.acting(Reader("signed_in", audience=None)), pytest.raises(reader.NotAllowed):
        reader.audience()
