"""Addresses of the residents' pages of registrations."""

from django.urls import path

from registrations.pages import checking, mending, proof, record, start, wizard

app_name = "registrations"
urlpatterns = [
    path("", start.start, name="start"),
    path("diseases/", start.diseases, name="diseases"),
    path("records/", record.records, name="records"),
    path("<uuid:public_id>/", record.record, name="record"),
    path("<uuid:public_id>/disease/", start.change_disease, name="change_disease"),
    path("<uuid:public_id>/steps/proof/", proof.proof, name="step_proof"),
    path("<uuid:public_id>/steps/check/", checking.check, name="step_check"),
    path("<uuid:public_id>/steps/outcome/", wizard.outcome, name="outcome"),
    path("<uuid:public_id>/steps/<slug:slug>/", wizard.step, name="step"),
    path("<uuid:public_id>/upload/<int:group>/", proof.upload, name="upload"),
    path("<uuid:public_id>/files/<int:pk>/<slug:what>/", proof.change_file, name="change_file"),
    path("<uuid:public_id>/correct/", mending.correct, name="correct"),
    path("<uuid:public_id>/correct/<slug:slug>/", mending.correct_search, name="correct_search"),
    path("<uuid:public_id>/discard/", wizard.discard, name="discard"),
    path("<uuid:public_id>/again/", record.again, name="again"),
    path("<uuid:public_id>/do/<slug:name>/", record.act, name="act"),
]
