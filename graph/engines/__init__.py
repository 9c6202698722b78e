"""Engines keep promises of `graph/contract.py`; `graph/connect.py` is the only file that names them."""
