"""Lets tests empty a database whose sealed tables refuse to be emptied. Installed by the test settings alone."""
