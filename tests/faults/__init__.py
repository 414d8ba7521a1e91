"""Real processes, really killed: what the portal promises when things go wrong.

The default run keeps a short version of each fault; `pytest -m promises tests/faults` takes the full dose and
prints its figures.
"""
