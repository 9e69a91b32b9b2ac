"""Measures what this project promises about speed: `python -m bench`.

Never part of the tests: a busy machine is not a fault.
"""
