"""The same map with Plotly's means used well: outlines by address, only whole numbers in the figure, one trace."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

HERE = Path(__file__).parent


@st.cache_data
def load_classes() -> pd.DataFrame:
    return pd.read_parquet(HERE / "rates.parquet", columns=["period", "class_code"])


@st.cache_data
def load_scale() -> list[list]:
    """One flat colour per class."""
    colours = json.loads((HERE / "palette.json").read_text())
    count = len(colours)
    return [[edge / count, colour] for i, colour in enumerate(colours) for edge in (i, i + 1)]


st.set_page_config(layout="wide")
classes, scale = load_classes(), load_scale()
period = st.radio("Kỳ", sorted(classes["period"].unique(), reverse=True), horizontal=True)
shown = classes.loc[classes["period"] == period, "class_code"].to_numpy(np.uint8)
figure = go.Figure(
    go.Choroplethmap(
        geojson="app/static/communes.geojson",
        locations=np.arange(len(shown), dtype=np.int16),  # the outlines' ids are the rows' numbers
        z=shown,
        zmin=-0.5,
        zmax=len(scale) / 2 - 0.5,
        colorscale=scale,
        marker={"line": {"width": 0}},
        showscale=False,
    ),
    layout={"height": 760, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "uirevision": "stay"},
)
figure.update_layout(map={"style": "white-bg", "center": {"lat": 16, "lon": 107.5}, "zoom": 4.6})
st.plotly_chart(figure, key="map")
