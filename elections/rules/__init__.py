"""Who is elected and what does not add up: plain Python, integers, no clock, no database."""
