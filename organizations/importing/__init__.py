"""Rolls and trees as staff keep them in Excel: found, read and compared. Plain Python, no database."""
