"""Signing in against a real OpenID provider (npm `oidc-provider`, pinned in tests/oidc/), with the real server and a real
browser: leadership, the office of a province, a person without a role, whoever refuses, and every way out."""

import contextlib
import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import find_chromium
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from source_nginx import NGINX, find_free_port

from data.settings import PROJECT_ROOT, Settings
from ui import appearance

pytestmark = [pytest.mark.fault, pytest.mark.store]
HERE = Path(__file__).parent / "oidc"
STARTS_WITHIN = 60
WAITS = 30_000
PEOPLE = ("Trần Thị Lãnh Đạo", "Nguyễn Bắc Giang", "Phạm Hà Giang", "Người Chưa Có Vai Trò")
DRAFT = "programme=2016-2020&period=2020-11"


@pytest.fixture(scope="session")
def provider_folder(request: pytest.FixtureRequest) -> Path:
    """The provider with its packages, installed once for its lock file."""
    npm = shutil.which("npm")
    assert npm, "npm is missing: the provider of these tests runs in node. Install it: sudo apt-get install npm"
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:12]
    folder = Path(request.config.cache.mkdir("oidc")) / lock
    if not (folder / "node_modules" / "oidc-provider").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder, check=True, timeout=600)
    shutil.copy(HERE / "provider.mjs", folder)
    return folder


@contextlib.contextmanager
def run(command: list[str], port: int, log: Path, **options: object) -> Iterator[subprocess.Popen]:
    """A process that listens on a port."""
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, **options)
    try:
        ends = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < ends:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert process.poll() is None, log.read_text("utf-8")
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(20)


@dataclass
class Site:
    """Where the app answers, what it wrote, the provider with its port, and the port behind HTTPS that it knows."""

    address: str
    log: Path
    provider: subprocess.Popen
    provider_port: int
    https: int


def write_secrets(path: Path, address: str, provider: int) -> None:
    path.write_text(
        f"""
        [auth]
        redirect_uri = "{address}/oauth2callback"
        cookie_secret = "of the tests only, with more than 32 letters"
        client_id = "baophu"
        client_secret = "a-secret-of-the-tests-only"
        server_metadata_url = "http://127.0.0.1:{provider}/.well-known/openid-configuration"
        client_kwargs = {{ scope = "openid profile", prompt = "login" }}
        """,
        "utf-8",
    )


def server_command(port: int, secrets: Path) -> list[str]:
    command = [sys.executable, "-m", "streamlit", "run", "asgi.py", "--server.port", str(port)]
    return [*command, "--server.address", "127.0.0.1", "--secrets.files", str(secrets)]


@pytest.fixture(scope="module")
def site(public_settings: Settings, provider_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    port, own, https = find_free_port(), find_free_port(), find_free_port()
    address = f"http://127.0.0.1:{own}"
    write_secrets(folder / "secrets.toml", address, port)
    addresses = f"{address}/oauth2callback,https://127.0.0.1:{https}/oauth2callback"
    provider = [shutil.which("node") or "node", "provider.mjs", str(port), addresses]
    server = server_command(own, folder / "secrets.toml")
    environment = os.environ | {"BAOPHU_VAR": str(public_settings.var_directory), "BAOPHU_EDITION": "internal"}
    with (
        run(provider, port, folder / "provider.log", cwd=provider_folder) as process,
        run(server, own, folder / "server.log", cwd=PROJECT_ROOT, env=environment),
    ):
        yield Site(address, folder / "server.log", process, port, https)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    own = browser.new_context(viewport={"width": 1440, "height": 900})
    own.set_default_timeout(WAITS)
    yield own
    own.close()


def sign_in(context: BrowserContext, site: Site, who: str, asked: str = "/", address: str = "") -> Page:
    page, address = context.new_page(), address or site.address
    page.goto(address + asked)
    page.click("a.way")
    page.click(f"text={who}")
    page.wait_for_url(re.compile(rf"^{address}"))
    return page


def test_leadership_comes_to_the_page_asked_for_and_sees_the_draft_of_the_nation(context: BrowserContext, site: Site):
    page = sign_in(context, site, "lanh_dao", f"/?{DRAFT}")
    page.wait_for_selector("h1.bp-headline")
    assert page.url == f"{site.address}/?{DRAFT}"
    assert "Trần Thị Lãnh Đạo · lãnh đạo" in page.inner_text(".bp-reader")
    assert "chưa công bố" not in page.inner_text("body")
    cookie = next(one for one in context.cookies() if one["name"] == "_streamlit_user")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax" and 0 < cookie["expires"] - time.time() <= 12 * 3600
    taken = context.request.get(f"{site.address}/take/home/units.csv?{DRAFT}&unit=02")
    assert taken.status == 200 and taken.headers["cache-control"] == "private, no-cache"


def test_an_office_sees_its_own_draft_and_no_address_of_others_gives_it_theirs(context: BrowserContext, site: Site):
    page = sign_in(context, site, "bac_giang", f"/?{DRAFT}")
    page.wait_for_selector("h1.bp-headline")
    assert "Bắc Giang" in page.inner_text("h1.bp-headline")
    assert "chưa công bố" in page.inner_text(".st-key-notices") and "tỉnh Bắc Giang" in page.inner_text(".bp-reader")
    page.goto(f"{site.address}/?{DRAFT}&unit=02")
    page.wait_for_selector("h1.bp-headline")
    assert "tháng 12/2019, kỳ đã công bố gần nhất" in page.inner_text(".st-key-notices")
    for path, status in (
        (f"/take/home/units.csv?{DRAFT}&unit=02", 403), (f"/take/ranking/league.csv?{DRAFT}", 403),
        (f"/take/profile/brief.pdf?{DRAFT}&unit=02", 403), (f"/take/home/units.csv?{DRAFT}&unit=24", 200),
    ):  # fmt: skip
        taken = context.request.get(site.address + path)
        assert taken.status == status, path
        assert status == 200 or "chưa công bố" in taken.text()
    snapshot = context.request.get(f"{site.address}/readyz").json()["snapshot"]  # as leadership knows it
    rest = "/rest/{}/2019-10/province/2016-2020/2020-11"
    assert context.request.get(site.address + rest.format(snapshot)).status == 403
    assert context.request.get(site.address + rest.format(f"{snapshot}~02")).status == 403
    assert context.request.get(site.address + rest.format(f"{snapshot}~24")).status == 200


@pytest.mark.parametrize(("who", "said"), [("khach", "chưa được giao quyền xem"), ("lac", "chưa gắn với một tỉnh")])
def test_without_a_role_a_person_is_told_what_to_do(context: BrowserContext, site: Site, who: str, said: str):
    page = sign_in(context, site, who)
    assert said in page.inner_text("h1") and "Hãy báo bộ phận quản trị" in page.inner_text("body")
    scripts = [script.inner_text() for script in page.query_selector_all("script")]
    assert (
        scripts == [appearance.script()] and page.query_selector("b") is None
    )  # a name is text: no script but the page's own
    assert context.request.get(f"{site.address}/take/home/units.csv").status == 403


def test_whoever_refuses_at_the_provider_or_brings_a_stale_answer_is_told_so(context: BrowserContext, site: Site):
    page = context.new_page()
    page.goto(f"{site.address}/ranking")
    page.click("a.way")
    page.click("text=refuse")
    page.wait_for_url(f"{site.address}/sign-in/failed")
    assert "Chưa đăng nhập được" in page.inner_text("h1")
    page.goto(f"{site.address}/oauth2callback?code=stolen&state=invented")
    assert page.url == f"{site.address}/sign-in/failed"
    assert not [one for one in context.cookies() if one["name"].startswith("_streamlit_user")]


def test_after_signing_out_every_window_of_the_browser_is_out(context: BrowserContext, site: Site):
    page = sign_in(context, site, "ha_giang", "/quality")
    page.wait_for_selector("h1.bp-headline")
    other = context.new_page()
    other.goto(f"{site.address}/?{DRAFT}")
    other.wait_for_selector("h1.bp-headline")
    kept = [one for one in context.cookies() if one["name"].startswith("_streamlit_user")]
    page.click("text=Đăng xuất")
    page.click("button[name=logout]")
    page.wait_for_url(f"{site.address}/sign-in/out")
    assert "Đã đăng xuất" in page.inner_text("h1")
    # The other window is open still: its next click is answered by a sentence and a way in.
    other.click(".st-key-language button")
    other.wait_for_selector("text=/not signed in|chưa đăng nhập/")
    assert other.query_selector("h1.bp-headline") is None
    context.add_cookies(kept)  # somebody has copied the cookie
    assert context.request.get(f"{site.address}/take/home/units.csv?unit=02").status == 401


def test_two_readers_of_one_process_at_once_get_each_their_own(browser: Browser, site: Site):
    contexts = {who: browser.new_context() for who in ("lanh_dao", "bac_giang", "ha_giang")}
    pages = {who: sign_in(own, site, who, f"/quality?{DRAFT}") for who, own in contexts.items()}
    for _ in range(2):
        for who, page in pages.items():
            page.goto(f"{site.address}/quality?{DRAFT}&unit={'24' if who == 'bac_giang' else '02'}")
            page.wait_for_selector("text=/bao_cao_2020-11_\\d\\d.xlsx/")
            named = set(re.findall(r"bao_cao_2020-11_(\d\d)", page.inner_text("body")))
            assert named == {"24" if who == "bac_giang" else "02"}
    pages["ha_giang"].goto(f"{site.address}/quality?{DRAFT}&unit=24")  # of another office: the last released month
    pages["ha_giang"].wait_for_selector("text=kỳ đã công bố gần nhất")
    assert "bao_cao" not in pages["ha_giang"].inner_text("body")
    for own in contexts.values():
        own.close()


def test_behind_the_nginx_of_the_house_the_way_is_https_and_so_are_the_cookies(
    browser: Browser, site: Site, public_settings: Settings, tmp_path: Path
):
    """deploy/nginx/internal.conf as it is, but for its ports and its certificate."""
    assert NGINX, "nginx is missing. Install it: sudo apt-get install nginx-light"
    own, plain, address = find_free_port(), find_free_port(), f"https://127.0.0.1:{site.https}"
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    text = (PROJECT_ROOT / "deploy" / "nginx" / "internal.conf").read_text("utf-8")
    for old, new in (
        ("/etc/ssl/certs/baophu.pem", certificate), ("/etc/ssl/private/baophu.key", key), ("127.0.0.1:8501", f"127.0.0.1:{own}"),
        ("listen 443 ssl", f"listen 127.0.0.1:{site.https} ssl"), ("listen 80;", f"listen 127.0.0.1:{plain};"),
    ):  # fmt: skip
        assert old in text
        text = text.replace(old, str(new))
    temporary = "".join(
        f"{kind}_temp_path {tmp_path / kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"daemon off; pid {tmp_path / 'nginx.pid'}; error_log stderr; events {{}} http {{ {temporary} {text} }}"
    (tmp_path / "nginx.conf").write_text(whole, "utf-8")
    write_secrets(tmp_path / "secrets.toml", address, site.provider_port)
    environment = os.environ | {"BAOPHU_VAR": str(public_settings.var_directory), "BAOPHU_EDITION": "internal"}
    server = server_command(own, tmp_path / "secrets.toml")
    with (
        run(server, own, tmp_path / "server.log", cwd=PROJECT_ROOT, env=environment | {"BAOPHU_SIGN_IN": "1"}),
        run([NGINX, "-c", str(tmp_path / "nginx.conf")], site.https, tmp_path / "nginx.log"),
    ):
        context = browser.new_context(ignore_https_errors=True)
        context.set_default_timeout(WAITS)
        page = sign_in(context, site, "bac_giang", f"/?{DRAFT}", address)
        page.wait_for_selector("h1.bp-headline")  # the WebSocket came through as well
        ours = [one for one in context.cookies(address) if one["name"].startswith("_streamlit")]
        assert len(ours) >= 3 and all(one["secure"] for one in ours)
        assert context.request.get(f"{address}/_stcore/metrics").status == 404
        assert context.request.get(f"{address}/take/home/units.csv?{DRAFT}&unit=02").status == 403
        # The cookie is for this address alone: by the other one the same person is nobody.
        context.request.get(site.address)
        carried = "; ".join(f"{one['name']}={one['value']}" for one in ours)
        assert context.request.get(f"{site.address}/method", headers={"cookie": carried}).status == 401
        context.close()


@pytest.mark.parametrize("width", [360, 1440])
def test_the_pages_of_signing_in_and_the_name_in_the_frame_are_for_everybody(browser: Browser, site: Site, width: int):
    """axe finds nothing serious, and nothing is wider than the screen."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    context.set_default_timeout(WAITS)
    page = context.new_page()
    for path in ("/", "/?lang=en", "/sign-in/out", "/sign-in/failed"):
        page.goto(site.address + path)
        look_at(page)
    page = sign_in(context, site, "bac_giang", f"/method?{DRAFT}")
    page.wait_for_selector("h1.bp-headline")
    look_at(page)
    page.focus(".bp-reader a")
    page.keyboard.press("Enter")
    page.wait_for_selector("button[name=logout]")
    context.close()


def look_at(page: Page) -> None:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_log_names_nobody(site: Site):
    """Runs after the others: whoever signed in above stands nowhere in what the server wrote."""
    written = site.log.read_text("utf-8")
    assert '"event": "sign_in", "outcome": "done"' in written and '"event": "signed_out"' in written
    for secret in (*PEOPLE, "lanh_dao", "bac_giang", "baophu_role", "code=", "_streamlit_user"):
        assert secret not in written, secret


def test_a_provider_that_is_down_is_said_in_plain_words(context: BrowserContext, site: Site):
    """The last test: it stops the provider."""
    site.provider.terminate()
    site.provider.wait(20)
    page = context.new_page()
    page.goto(site.address)
    page.click("a.way")
    page.wait_for_selector("h1")
    assert "Chưa đăng nhập được" in page.inner_text("h1") and "Authentication error" not in page.inner_text("body")
