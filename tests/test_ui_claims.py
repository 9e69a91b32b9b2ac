"""From what a provider says of a person to what that person may see."""

from pathlib import Path

import pytest

from data.settings import Settings, read_settings
from data.visibility import EVERYTHING, Audience
from ui.claims import EXPIRED, LONGEST_NAME, NO_PROVINCE, NO_ROLE, SIGNED_IN, STRANGER, Reader, read_reader

NOW = 1_800_000_000.0
SETTINGS = Settings(Path("/nowhere"))


def read(settings: Settings = SETTINGS, **claims: object) -> Reader:
    known = {"is_logged_in": True, "iss": "https://id.example", "sub": "a", "iat": NOW - 60, "name": "Trần A"}
    return read_reader(known | claims, settings, NOW, {"24", "02"})


@pytest.mark.parametrize(
    ("claims", "state", "audience"),
    [
        ({"baophu_role": "leadership"}, SIGNED_IN, EVERYTHING),
        ({"baophu_role": "operator"}, SIGNED_IN, EVERYTHING),
        ({"baophu_role": ["guest", "operator"]}, SIGNED_IN, EVERYTHING),
        ({"baophu_role": "province", "baophu_province": "24"}, SIGNED_IN, Audience("24")),
        ({"baophu_role": ["province"], "baophu_province": ["02"]}, SIGNED_IN, Audience("02")),
        ({"baophu_role": ["province", "leadership"], "baophu_province": "24"}, SIGNED_IN, EVERYTHING),
        ({}, NO_ROLE, None),
        ({"baophu_role": ""}, NO_ROLE, None),
        ({"baophu_role": "LEADERSHIP"}, NO_ROLE, None),
        ({"baophu_role": {"leadership": True}}, NO_ROLE, None),
        ({"baophu_role": True}, NO_ROLE, None),
        ({"baophu_role": "province"}, NO_PROVINCE, None),
        ({"baophu_role": "province", "baophu_province": 24}, NO_PROVINCE, None),
        ({"baophu_role": "province", "baophu_province": "2"}, NO_PROVINCE, None),
        ({"baophu_role": "province", "baophu_province": "99"}, NO_PROVINCE, None),
        ({"baophu_role": "province", "baophu_province": "VN"}, NO_PROVINCE, None),
        ({"baophu_role": "province", "baophu_province": ["02", "24"]}, NO_PROVINCE, None),
        ({"baophu_role": "province", "baophu_province": "24' OR 1=1"}, NO_PROVINCE, None),
        ({"baophu_role": "leadership", "is_logged_in": "yes"}, STRANGER, None),
        ({"baophu_role": "leadership", "is_logged_in": None}, STRANGER, None),
        ({"baophu_role": "leadership", "iat": None}, EXPIRED, None),
        ({"baophu_role": "leadership", "iat": True}, EXPIRED, None),
        ({"baophu_role": "leadership", "iat": "1799999999"}, EXPIRED, None),
        ({"baophu_role": "leadership", "iat": NOW - 12 * 3600}, EXPIRED, None),
        ({"baophu_role": "leadership", "iat": NOW - 12 * 3600 + 1}, SIGNED_IN, EVERYTHING),
        ({"baophu_role": "leadership", "iat": NOW + 200}, SIGNED_IN, EVERYTHING),
        ({"baophu_role": "leadership", "iat": NOW + 400}, EXPIRED, None),
    ],
)
def test_what_claims_give(claims: dict[str, object], state: str, audience: Audience | None):
    found = read(**claims)
    assert (found.state, found.audience) == (state, audience)


def test_claims_may_lie_deep_and_roles_may_be_called_otherwise():
    settings = read_settings(
        {
            "BAOPHU_ROLE_CLAIM": "realm_access.roles",
            "BAOPHU_PROVINCE_CLAIM": "org.code",
            "BAOPHU_ROLE_NAMES": "leadership=lanh-dao, province=bhxh-tinh",
            "BAOPHU_SIGN_IN_HOURS": "1",
        }
    )
    province = {"realm_access": {"roles": ["x", "bhxh-tinh"]}, "org": {"code": "24"}}
    assert read(settings, **province).audience == Audience("24")
    assert read(settings, realm_access={"roles": ["lanh-dao"]}).role == "leadership"
    assert read(settings, realm_access={"roles": ["operator"]}).role == "operator"  # not called otherwise
    assert read(settings, realm_access={"roles": ["leadership"]}).state == NO_ROLE
    assert read(settings, **{"realm_access.roles": "lanh-dao"}).role == "leadership"  # a claim that is called so
    assert read(settings, **province, iat=NOW - 3601).state == EXPIRED
    for wrong in ("boss=x", "leadership", "leadership="):
        with pytest.raises(ValueError, match="BAOPHU_ROLE_NAMES"):
            read_settings({"BAOPHU_ROLE_NAMES": wrong})


def test_a_name_is_one_short_line():
    assert read(name="  Trần\n Thị   A ").name == "Trần Thị A"
    assert len(read(name="a" * 500).name) == LONGEST_NAME
    assert read(name=None, preferred_username="tta").name == "tta"
