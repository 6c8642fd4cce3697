"""Pages of the tellers: the ledger, the start of a count, totals, single papers, rulings, where it all stands."""
