from django.urls import path

from casework import views

app_name = "casework"
urlpatterns = [
    path("files/<int:pk>/", views.file, name="file"),
    path("files/<int:pk>/<slug:size>/", views.file_picture, name="picture"),
    path("files/<int:pk>/<slug:size>/<int:page>/", views.file_picture, name="picture_page"),
    path("letters/<int:pk>.pdf", views.letter, name="letter"),
    path("letters/<int:pk>/", views.letter_pages, name="letter_pages"),
    path("letters/<int:pk>/<int:page>.jpg", views.letter_picture, name="letter_picture"),
    path("messages/", views.messages, name="messages"),
    path("messages/read/", views.messages_read, name="messages_read"),
]
