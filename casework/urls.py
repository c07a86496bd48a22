"""Every address of the service, by room."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("", include("casework.front.pages.urls")),
]

handler500 = "casework.front.pages.refusals.server_error"
