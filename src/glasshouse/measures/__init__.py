"""What the records say: pure functions from a run's totals to numbers with intervals."""
