"""Addresses of the residents' filing pages."""

from django.urls import path

from filings.pages import (
    blank,
    calendar,
    checking,
    counter,
    mending,
    proof,
    public,
    record,
    wizard,
)

app_name = "filings"
urlpatterns = [
    path("", wizard.start, name="start"),
    path("questions/", wizard.questions, name="questions"),
    path("check/", public.check, name="check"),
    path("counter/", counter.counter, name="counter"),
    path("counter/<uuid:public_id>/", counter.take_over, name="take_over"),
    path("blank/<slug:form>.pdf", blank.blank, name="blank"),
    path("records/", record.records, name="records"),
    path("<uuid:public_id>/", record.record, name="record"),
    path("<uuid:public_id>/type/", wizard.change_type, name="change_type"),
    path("<uuid:public_id>/steps/proof/", proof.proof, name="step_proof"),
    path("<uuid:public_id>/steps/promise/", proof.promise, name="promise"),
    path("<uuid:public_id>/steps/check/", checking.check, name="step_check"),
    path("<uuid:public_id>/steps/outcome/", wizard.outcome, name="outcome"),
    path("<uuid:public_id>/steps/anyway/", wizard.file_anyway, name="file_anyway"),
    path("<uuid:public_id>/steps/<slug:slug>/", wizard.step, name="step"),
    path("<uuid:public_id>/upload/<int:group>/", proof.upload, name="upload"),
    path("<uuid:public_id>/files/<int:pk>/<slug:what>/", proof.change_file, name="change_file"),
    path("<uuid:public_id>/correct/", mending.correct, name="correct"),
    path("<uuid:public_id>/correct/<slug:slug>/", mending.correct_place, name="correct_place"),
    path("<uuid:public_id>/supply/", mending.supply, name="supply"),
    path("<uuid:public_id>/end.ics", calendar.calendar, name="calendar"),
    path("<uuid:public_id>/discard/", wizard.discard, name="discard"),
    path("<uuid:public_id>/again/", record.again, name="again"),
    path("<uuid:public_id>/do/<slug:name>/", record.act, name="act"),
]
