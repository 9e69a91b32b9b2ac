"""Administrative units of Viet Nam over time: lists, outlines and crosswalks between boundary sets."""
