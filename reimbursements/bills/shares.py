"""What of a stay's settlement falls on each of its bills. Pure; amounts in fen.

The settled unit is the stay: no fund pays for a bill. A paper that stands for one bill still
has to say what was paid of it, so each fund is shared in proportion to what of each bill
counts. This is our own computation (示例, 待核 against the 分割单 of a place).
"""

from collections.abc import Sequence


def share_funds(funds: dict[str, int], counts: Sequence[int]) -> list[dict[str, int]]:
    """{fund: fen} of each bill; `counts` are the fen of each bill that the funds look at.

    Every fund is shared in proportion by largest remainder (of two alike the earlier bill), so
    that its shares add up to it; a bill whose funds already pay all that counts of it is
    passed over, so that none is paid more than that. Raises ValueError for amounts below zero
    and for funds that pay more than counts.
    """
    if any(fen < 0 for fen in (*funds.values(), *counts)):
        raise ValueError("an amount of fen below zero cannot be shared")
    whole = sum(counts)
    if sum(funds.values()) > whole:
        raise ValueError(f"the funds pay more than the {whole} fen that count")
    if not whole:
        return [dict.fromkeys(funds, 0) for _ in counts]
    found = [{name: fen * count // whole for name, fen in funds.items()} for count in counts]
    room = [count - sum(shares.values()) for count, shares in zip(counts, found, strict=True)]
    for name, fen in funds.items():
        order = sorted(range(len(counts)), key=lambda nth: -(fen * counts[nth] % whole))
        left = fen - sum(shares[name] for shares in found)
        while left:
            for nth in order:
                if left and room[nth]:
                    found[nth][name] += 1
                    room[nth] -= 1
                    left -= 1
    return found
