"""Facts of the regulations about congresses: plain Python, integers, no clock, no database."""
