"""Pages of residents, and the log-in of staff."""
