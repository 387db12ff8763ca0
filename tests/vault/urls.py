"""Only the vault's address, so that its tests need none of the other rooms."""

from django.urls import include, path

urlpatterns = [path("vault/", include("vault.urls"))]
