"""The same page without a map: what Streamlit itself costs."""

import streamlit as st

st.set_page_config(layout="wide")
period = st.radio("Kỳ", ["2020-12", "2018-12", "2017-12", "2016-12"], horizontal=True)
st.write(period)
