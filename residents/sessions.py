"""Sessions in the database, each read together with its account: the first query of a page.

They lie in no cache: a log-out deletes the row and holds at once in every process, whether
Redis is there or not. A cached copy that outlived an absence of Redis would undo it.
"""

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import CharField, DateTimeField
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from residents.models import AccountSession, User
from residents.prepared import Prepared, Slot

_STANDING = Prepared(
    AccountSession.objects.select_related("account").filter(
        session_key=Slot("key", CharField()), expire_date__gt=Slot("now", DateTimeField())
    )
)


class SessionStore(DatabaseStore):
    """Django's sessions in the database, whose accounts come with them."""

    # The account read with the session; None for a visitor, and until the session is read.
    account: User | None = None

    @classmethod
    def get_model_class(cls):
        return AccountSession

    def _get_session_from_db(self):
        # At most one row has the key; one that is over, or ended elsewhere, is none.
        row = _STANDING.first(key=self.session_key, now=timezone.now())
        if row is None:
            self._session_key = None
        else:
            self.account = row.account
        return row

    def create_model_instance(self, data):
        """The row to be saved; its account is the one that the data say is logged in."""
        row = super().create_model_instance(data)
        row.account_id = data.get(SESSION_KEY)
        return row


def logged_in(session: SessionStore) -> User | None:
    """The account that came with a session, where everything that Django asks of a logged-in
    session holds of it; None where Django has to look for itself.

    Asked: the signed data name this account, by a way of logging in that is still used, with
    the password of today; and the account may be used.
    """
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    account = session.account
    if account is None or not account.is_active or session.get(SESSION_KEY) != str(account.pk):
        return None
    shown = session.get(HASH_SESSION_KEY, "")
    return account if constant_time_compare(shown, account.get_session_auth_hash()) else None
