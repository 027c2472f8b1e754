"""Runs: from a plan to a finished run folder, and on from wherever one was stopped."""
