"""Carrier of the built canvas files; the typed Python side is `ui.canvas.widget`."""
