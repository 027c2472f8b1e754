"""One file a mechanism: its law, its source and what it leaves out. Pure functions from columns to columns."""
