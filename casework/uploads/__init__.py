"""Uploads: one door in. `accept` takes a stranger's file or says in Chinese why not."""

from casework.uploads.accepting import E_BILLS, PROOF, Accepted, accept, preview, rotate
from casework.uploads.names import display_name
from casework.uploads.refusal import UploadRefused

__all__ = [
    "E_BILLS",
    "PROOF",
    "Accepted",
    "UploadRefused",
    "accept",
    "display_name",
    "preview",
    "rotate",
]
