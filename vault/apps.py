"""The vault as a Django app: only its two views need Django."""

from django.apps import AppConfig


class VaultAppConfig(AppConfig):
    """No models: the vault knows keys and bytes, not cases."""

    name = "vault"
