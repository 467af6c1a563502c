"""Who acts on a case: a resident, a member of staff, or the system."""

from dataclasses import dataclass

from casework.models import StaffProfile
from casework.workflow import RESIDENT, SYSTEM


@dataclass(frozen=True)
class Actor:
    """The one who acts, as an event remembers them."""

    role: str
    user: object | None = None
    profile: StaffProfile | None = None

    @classmethod
    def resident(cls, user) -> "Actor":
        return cls(role=RESIDENT, user=user)

    @classmethod
    def staff(cls, user) -> "Actor":
        """The staff actor of a user; raises StaffProfile.DoesNotExist without a profile."""
        return cls(role=user.staff_profile.role, user=user, profile=user.staff_profile)

    @classmethod
    def system(cls) -> "Actor":
        return cls(role=SYSTEM)

    @property
    def is_staff(self) -> bool:
        return self.profile is not None

    def covers(self, case) -> bool:
        """Whether the case lies in this person's county or city."""
        if self.profile is None:
            return False
        return getattr(case, self.profile.scope) == self.profile.area

    def concerns_own(self, case) -> bool:
        """Whether the case is the clerk's own, by ID number, phone, or account."""
        if self.profile is None:
            return False
        own = self.profile.own_hashes()
        return bool(own & {case.id_hash, case.phone_hash}) or (
            case.account_id is not None and case.account_id == self.user.pk
        )
