"""Addresses of the residents' pages of claims."""

from django.urls import path

from reimbursements.pages import (
    after_acts,
    after_correct,
    after_correct_files,
    after_list,
    after_record,
    after_year,
    calculator,
)
from reimbursements.pages.claim import (
    bill_files,
    bill_lines,
    bills,
    checking,
    counter,
    documents,
    wizard,
)

app_name = "reimbursements"
_BILL = "<uuid:public_id>/bills/<slug:key>/"
_CORRECT = "<uuid:public_id>/correct/"
urlpatterns = [
    path("", wizard.start, name="start"),
    path("counter/", counter.counter, name="counter"),
    path("counter/<uuid:public_id>/", counter.take_over, name="take_over"),
    path("calculator/", calculator.calculator, name="calculator"),
    path("mine/", after_list.claims, name="claims"),
    path("year/", after_year.year, name="year"),
    path("<uuid:public_id>/", after_record.record, name="record"),
    path("<uuid:public_id>/act/<slug:name>/", after_acts.act, name="act"),
    path("<uuid:public_id>/account/", after_acts.account, name="account"),
    path("<uuid:public_id>/again/", after_acts.again, name="again"),
    path(_CORRECT, after_correct.correct, name="correct"),
    path(f"{_CORRECT}place/<slug:slug>/", after_correct.correct_place, name="correct_place"),
    path(f"{_CORRECT}upload/<int:group>/", after_correct_files.upload, name="correct_upload"),
    path(
        f"{_CORRECT}files/<int:pk>/<slug:what>/",
        after_correct_files.change_file,
        name="correct_file",
    ),
    path(f"{_CORRECT}bills/<slug:key>/", after_correct_files.bill, name="correct_bill"),
    path(
        f"{_CORRECT}bills/<slug:key>/files/<int:pk>/<slug:what>/",
        after_correct_files.change_bill_file,
        name="correct_bill_file",
    ),
    path("<uuid:public_id>/steps/form/", counter.form, name="application_form"),
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
