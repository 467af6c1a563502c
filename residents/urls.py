"""Addresses of the residents' account pages, under /account/."""

from django.urls import path

from residents.views import confirm, development, login, persons, profile

app_name = "residents"
urlpatterns = [
    path("", profile.profile, name="account"),
    path("", profile.profile, name="profile"),
    path("login/", login.login, name="login"),
    path("login/code/", login.code, name="code"),
    path("login/again/", login.code_again, name="code_again"),
    path("logout/", login.logout, name="logout"),
    path("confirm/", confirm.confirm, name="confirm"),
    path("confirm/start-over/", confirm.start_over, name="start_over"),
    path("persons/", persons.persons, name="persons"),
    path("persons/add/", persons.person_add, name="person_add"),
    path("persons/add/consent/", persons.person_consent, name="person_consent"),
    path("persons/<int:pk>/switch/", persons.person_switch, name="person_switch"),
    path("persons/<int:pk>/revoke/", persons.person_revoke, name="person_revoke"),
    path("persons/<int:pk>/accept/", persons.person_accept, name="person_accept"),
    path("consents/", profile.consent_list, name="consents"),
    path("consents/<int:pk>/", profile.consent, name="consent"),
    path("elder/", profile.elder, name="elder"),
    path("export/", profile.export_data, name="export"),
    path("phone/", profile.phone_change, name="phone_change"),
    path("phone/code/", profile.phone_change_code, name="phone_change_code"),
    path("development/messages/", development.dev_inbox, name="dev_inbox"),
    path("development/second-factors/", development.dev_totp, name="dev_totp"),
]
