"""Every address × method × person × object × state: what the declared policies promise, and whether it is so."""
