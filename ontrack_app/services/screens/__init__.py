"""What screens show: rows and records as text that is already formatted for its reader, one file per noun."""
