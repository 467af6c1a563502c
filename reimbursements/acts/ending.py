"""The ends of a claim that nobody decided: withdrawn, or not corrected in time."""

from casework.drafts import open_revision
from casework.models import Case
from casework.perform import Context
from reimbursements.acts.billing import let_go


def drop_writing(case: Case, ctx: Context) -> None:
    """Nobody may write any more; what was begun in a correction is given up, and the bills
    may be claimed again."""
    revision = open_revision(case)
    if revision is not None:
        revision.delete()
    let_go(case, ctx)
