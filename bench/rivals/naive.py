"""The national commune map as it is usually written: px.choropleth_map, the outlines inside the figure."""

import json
from pathlib import Path

import pandas as pd
import plotly.express as px
import streamlit as st

HERE = Path(__file__).parent


@st.cache_data
def load_outlines() -> dict:
    return json.loads((HERE / "static" / "communes.geojson").read_text())


@st.cache_data
def load_rates() -> pd.DataFrame:
    return pd.read_parquet(HERE / "rates.parquet")


st.set_page_config(layout="wide")
rates = load_rates()
period = st.radio("Kỳ", sorted(rates["period"].unique(), reverse=True), horizontal=True)
figure = px.choropleth_map(
    rates[rates["period"] == period],
    geojson=load_outlines(),
    featureidkey="properties.unit_code",
    locations="unit_code",
    color="rate",
    hover_name="name",
    color_continuous_scale="RdYlBu",
    range_color=(60, 105),
    map_style="white-bg",
    center={"lat": 16, "lon": 107.5},
    zoom=4.6,
    height=760,
)
st.plotly_chart(figure)
