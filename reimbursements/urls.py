"""Addresses of the residents' pages of claims."""

from django.urls import path

from reimbursements.pages import calculator

app_name = "reimbursements"
urlpatterns = [
    path("calculator/", calculator.calculator, name="calculator"),
]
