from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Exhibits and their bytes: registers permissions, the verification job, navigation and figures."""

    name = "evidence"
    verbose_name = "Exhibits"

    def ready(self) -> None:
        from evidence import custody_work, disposal, frame, log_closed, log_names, policy, scanning, verification, viewing  # noqa: F401 (importing registers)
