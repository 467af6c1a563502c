"""The policies that ship with the project, found by place and insurance."""

from pathlib import Path

from reimbursements.settlement.errors import PolicyError
from reimbursements.settlement.model import Policy
from reimbursements.settlement.read_policy import load_policy

POLICIES = Path(__file__).resolve().parents[1].joinpath("policies")


def policy_files(folder: Path = POLICIES) -> list[Path]:
    """Every policy file of a folder and its subfolders, in a stable order."""
    return sorted(path for path in folder.rglob("*.yaml") if path.is_file())


def find_policy(name: str, folder: Path = POLICIES) -> Policy:
    """The policy named by a path or by ``PLACE:INSURANCE`` (code or name of the place).

    Raises PolicyError when there is none, or when the file is refused.
    """
    path = Path(name)
    if path.is_file() or path.suffix in (".yaml", ".yml"):
        return load_policy(path)
    place, _, insurance = name.rpartition(":")
    refused = None
    for found in policy_files(folder):
        try:
            policy = load_policy(found)
        except PolicyError as error:
            refused = refused or error
            continue
        if insurance == policy.insurance and place in (policy.place, policy.place_name):
            return policy
    if refused is not None:
        raise refused
    raise PolicyError(
        name,
        0,
        "",
        "没有这个文件，也没有这个统筹区和险种的政策",
        "政策文件的路径，或 430100:310 这样的写法",
    )
