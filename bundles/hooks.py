"""What this room adds to the disposal of an exhibit."""

from collections.abc import Iterable

from audit.actions import SYSTEM, acting, recorded
from audit.models import Event
from bundles.actions import record_of
from bundles.models import Bundle
from evidence.models import Exhibit


def objects(exhibit: Exhibit) -> Iterable[tuple[str, str]]:
    """Bundles that hold a copy of it: who disposes of a thing disposes of its copies. All of a case is kept equally long, so that
    nothing else in them had to stay.
    """
    for bundle in Bundle.objects.holding(exhibit).select_related("case"):
        yield bundle.key, bundle.version_id
        with acting():
            _removed(bundle)


@recorded
def _removed(bundle: Bundle) -> None:
    # A worker that died on the way comes by again
    if not Event.objects.about("bundle", bundle.pk).filter(verb="bundle.disposed").exists():
        record_of(bundle, "bundle.disposed", SYSTEM, after={"sha256": bundle.sha256, "size": bundle.size})
