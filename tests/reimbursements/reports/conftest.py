from tests.reimbursements.claims.conftest import (
    a_record_page,
    claims_are_known,
    files_in_a_folder_of_their_own,
    fresh_policies,
    monday,
)

__all__ = [
    "a_record_page",
    "claims_are_known",
    "files_in_a_folder_of_their_own",
    "fresh_policies",
    "monday",
]
