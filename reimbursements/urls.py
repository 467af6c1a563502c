from django.urls import path

app_name = "reimbursements"
urlpatterns: list[path] = []
