"""Lock-out 登录锁定: how many wrong passwords a login bears before it must wait.

GB/T 22239-2019 8.1.4.1 asks for a limit on failed sign-ins and leaves the numbers to us.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from domain.sign_in_refusals import TooManyAttempts

MOST_FAILURES = 5
WITHIN = timedelta(minutes=15)
LASTS = timedelta(minutes=15)
REMEMBERED = WITHIN + LASTS
"""A failure older than this can no longer matter."""


def require_unlocked(failures: Sequence[datetime], at: datetime) -> None:
    """Refuses `TooManyAttempts`, with the seconds to wait, while `failures` lock the login at `at`.

    They lock for `LASTS` from the newest when it is the last of `MOST_FAILURES` in less than `WITHIN`. An
    attempt refused here is no failure, so trying again does not prolong the wait.
    """
    newest = sorted(failures, reverse=True)[:MOST_FAILURES]
    if len(newest) < MOST_FAILURES or newest[0] - newest[-1] >= WITHIN:
        return
    wait = newest[0] + LASTS - at
    if wait > timedelta():
        raise TooManyAttempts(seconds=ceil(wait.total_seconds()))
