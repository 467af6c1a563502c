"""Who files for somebody else, as a step of any kind of case asks."""

from residents.holdings import holdings_of
from residents.models import Holding


def needs_proxy(dossier) -> bool:
    """Whether somebody else than the person files: from the dossier of a case."""
    holding = dossier.holding
    if holding is not None:
        return holding.relation != Holding.Relation.SELF
    return bool((dossier.answers.counter or {}).get("proxy"))


def proxy_initial(dossier) -> dict:
    """What the form of the proxy begins with: what was said, else whose account it is."""
    stored = dossier.answers.proxy
    if stored:
        return {f"proxy_{key}": value for key, value in stored.items()}
    account = dossier.case.account
    if account is None:
        return {}
    own = next((row for row in holdings_of(account) if row.relation == Holding.Relation.SELF), None)
    return {
        "proxy_name": own.name if own else "",
        "proxy_id_number": own.person.id_number if own else "",
        "proxy_phone": account.phone or "",
    }
