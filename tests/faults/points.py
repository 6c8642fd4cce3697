"""Where a job can be when its worker is killed."""

BEFORE_THE_LEASE = "before the lease"
BEFORE_THE_WORK = "before the work"
FILE_HALF_WRITTEN = "file half written"
FILE_NOT_YET_NAMED = "file not yet named"
ROW_NOT_YET_DONE = "row not yet done"
DONE_NOT_YET_SAID = "done, broker not yet told"
POINTS = (
    BEFORE_THE_LEASE,
    BEFORE_THE_WORK,
    FILE_HALF_WRITTEN,
    FILE_NOT_YET_NAMED,
    ROW_NOT_YET_DONE,
    DONE_NOT_YET_SAID,
)
