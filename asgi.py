"""The production entry: Streamlit's app with health, headers, compressed files, and the map's value files. No page
logic.
"""

from pathlib import Path

import streamlit as st

from ui import frame, listening, server

listening.refuse_open_door()
app = st.App(
    Path(__file__).with_name("app.py"),
    routes=server.routes(),
    middleware=server.middleware(),
    lifespan=server.lifespan,
    on_script_error=frame.say_unexpected,
)
