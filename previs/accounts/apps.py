from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "previs.accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from previs.accounts import signals  # noqa: F401 - importing it connects the receivers
