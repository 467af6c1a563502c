"""What a policy published afterwards would have paid for a stay that was settled."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reimbursements.models.account import Settlement
from reimbursements.models.claim import Claim


class Proposal(models.Model):
    """A settlement that would come out otherwise now: found by the machine, looked into by a
    supervisor. It never changes the settlement. Amounts in fen, of all funds together.

    `city` and `county` are those of the case, so that the list joins nothing to filter.
    """

    class State(models.TextChoices):
        OPEN = "open", "待核实"
        KEPT = "kept", "已核实，不更正"
        GONE = "gone", "已不再相差"

    settlement = models.OneToOneField(Settlement, models.PROTECT, related_name="proposal")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="proposals")
    city = models.CharField("参保统筹区", max_length=6)
    county = models.CharField("参保区县", max_length=6)
    policy_version = models.CharField("新政策版本", max_length=80)
    policy_sha256 = models.CharField(max_length=64)
    source = models.CharField("依据", max_length=300, blank=True)
    paid_fen = models.BigIntegerField("原结算")
    now_fen = models.BigIntegerField("重算")
    funds = models.JSONField("重算的各基金支付", default=dict)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField("发现时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField("核实时间", null=True)
    note = models.CharField("核实意见", max_length=200, blank=True)

    class Meta:
        verbose_name = "重算建议"
        verbose_name_plural = "重算建议"
        constraints = [
            models.CheckConstraint(
                condition=~Q(now_fen=F("paid_fen")), name="proposal_of_a_difference"
            )
        ]
        indexes = [
            models.Index(
                fields=["city", "-id"], condition=Q(state="open"), name="proposal_open_city"
            ),
            models.Index(
                fields=["county", "-id"], condition=Q(state="open"), name="proposal_open_county"
            ),
        ]

    def __str__(self) -> str:
        return f"重算建议 {self.pk}"

    @property
    def difference_fen(self) -> int:
        """What would be paid more, or less where it is negative, in fen."""
        return self.now_fen - self.paid_fen
