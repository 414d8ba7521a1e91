"""One URLconf a zone; `weerbaar.pages.middleware.Zones` picks it from the path."""
