"""Setting locations up: what an admin does."""

from accounts.models import Organisation, User
from accounts.policy import require
from audit.actions import record, recorded
from evidence.place_models import Location


@recorded
def add_location(user: User, *, organisation: Organisation, name: str, parent: Location | None = None) -> Location:
    """Add a place where an organisation keeps exhibits, in another of its places or by itself."""
    require(user, "accounts.configure")
    location = Location(organisation=organisation, parent=parent, name=name.strip())
    location.full_clean()
    location.save(force_insert=True)
    record(
        "configuration.added",
        actor=user.as_actor(),
        organisation_id=organisation.pk,
        object_type="location",
        object_id=location.pk,
        after={"parent": parent and parent.pk},
        detail={"name": location.name},
    )
    return location
