"""Addresses of the residents' pages of claims."""

from django.urls import path

from reimbursements.pages import calculator, claim_record
from reimbursements.pages.claim import bill_files, bill_lines, bills, checking, documents, wizard

app_name = "reimbursements"
_BILL = "<uuid:public_id>/bills/<slug:key>/"
urlpatterns = [
    path("", wizard.start, name="start"),
    path("calculator/", calculator.calculator, name="calculator"),
    path("<uuid:public_id>/", claim_record.record, name="record"),
    path("<uuid:public_id>/steps/advice/", wizard.advice, name="advice"),
    path("<uuid:public_id>/steps/bills/", bills.bills, name="step_bills"),
    path("<uuid:public_id>/steps/documents/", documents.documents, name="step_documents"),
    path("<uuid:public_id>/steps/check/", checking.check, name="step_check"),
    path("<uuid:public_id>/steps/<slug:slug>/", wizard.step, name="step"),
    path("<uuid:public_id>/bills/upload/", bill_files.upload, name="bill_upload"),
    path(_BILL, bills.bill, name="bill"),
    path(f"{_BILL}upload/", bill_files.add_files, name="bill_add_files"),
    path(f"{_BILL}lines/", bill_lines.lines, name="bill_lines"),
    path(f"{_BILL}remove/", bill_files.remove, name="bill_remove"),
    path(f"{_BILL}files/<int:pk>/<slug:what>/", bill_files.change_file, name="bill_file"),
    path("<uuid:public_id>/upload/<int:group>/", documents.upload, name="document_upload"),
    path(
        "<uuid:public_id>/files/<int:pk>/<slug:what>/",
        documents.change_file,
        name="document_file",
    ),
    path("<uuid:public_id>/discard/", wizard.discard, name="discard"),
]
