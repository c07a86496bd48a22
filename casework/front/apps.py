from django.apps import AppConfig


class FrontConfig(AppConfig):
    name = "casework.front"
    label = "front"
