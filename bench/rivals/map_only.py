"""Our map as a minimal Streamlit page: the same two radio buttons, one component, nothing else."""

from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent


@st.cache_data
def load_message(period: str) -> bytes:
    return (HERE / f"map_{period}.bin").read_bytes()


st.set_page_config(layout="wide")
# As on our pages (ui/sheets/every_page.css): no block fades by itself.
st.html("<style>[data-testid=stElementContainer] { transition: none !important; opacity: 1 !important }</style>")
draw_map = st.components.v2.component("baophu-coverage-map.map", js="index.*.js", css="map.*.css")
period = st.radio("Kỳ", ["2020-12", "2018-12", "2017-12", "2016-12"], horizontal=True)
draw_map(key="map", data=load_message(period))
