from django.urls import URLPattern, path  # noqa: F401 - each zone's list fills up

publiek: list[URLPattern] = []
mijn: list[URLPattern] = []
beheer: list[URLPattern] = []
