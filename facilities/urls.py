from django.urls import path

from facilities import views

app_name = "facilities"
urlpatterns = [
    path("institutions/", views.search, name="search"),
    path("institutions/<str:code>/", views.institution, name="institution"),
    path("agencies/", views.agencies, name="agencies"),
    path("destinations/", views.destinations, name="destinations"),
    path("destinations.json", views.destinations_json, name="destinations_json"),
]
