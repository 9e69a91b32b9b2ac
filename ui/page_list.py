"""Every page of the app: its name in addresses and words, and its file."""

PAGES = {
    "home": "app.py",
    "map": "pages/map.py",
    "ranking": "pages/ranking.py",
    "profile": "pages/profile.py",
    "trends": "pages/trends.py",
    "roadmap": "pages/roadmap.py",
    "criterion": "pages/criterion.py",
    "emulation": "pages/emulation.py",
    "meeting": "pages/meeting.py",
    "quality": "pages/quality.py",
    "check": "pages/check.py",
    "method": "pages/method.py",
}
INTERNAL_PAGES = frozenset({"check"})
RARE_PAGES = frozenset({"criterion", "quality", "check", "method"})
MEETING = "meeting"
