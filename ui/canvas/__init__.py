"""The network canvas: contract (`model`, `events`, `words`), Streamlit element (`widget`) and `build`."""
