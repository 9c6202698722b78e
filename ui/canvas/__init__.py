"""The network canvas: contract (`model`, `events`), Streamlit element (`widget`), browser sources, `build`."""
