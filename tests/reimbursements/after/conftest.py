from tests.reimbursements.claims.conftest import (
    claims_are_known,
    files_in_a_folder_of_their_own,
    fresh_policies,
    monday,
)

__all__ = ["claims_are_known", "files_in_a_folder_of_their_own", "fresh_policies", "monday"]
