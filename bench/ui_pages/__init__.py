"""Streamlit pages that `bench.ui` serves: the same graph in each canvas."""
