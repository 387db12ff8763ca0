"""Where exhibits are kept: an organisation's tree of locations, and the counts that are taken there."""

import uuid
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation, User
from evidence import triggers

BETWEEN = " › "
DEEPEST = 8


class LocationQuerySet(models.QuerySet["Location"]):
    """Which locations."""

    def of(self, user: User) -> "LocationQuerySet":
        """Those of the person's own organisation that are in use."""
        return self.filter(organisation=user.organisation_id, is_active=True)


class Location(models.Model):
    """A building, a room, a shelf. What was kept in one keeps its name as it was then; one that is given up is made inactive."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="locations")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="is in"
    )
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)

    objects = LocationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(F("organisation"), F("parent"), F("name"), name="location_once", nulls_distinct=False),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="location_not_in_itself"),
        ]

    def __str__(self) -> str:
        return BETWEEN.join(place.name for place in reversed(self.line()))

    def line(self) -> list["Location"]:
        """This location and what it is in, up to the building."""
        found = [self]
        while (above := found[-1].parent) is not None and len(found) < DEEPEST:
            found.append(above)
        return found

    def clean(self) -> None:
        """A location is in one of the same organisation, and not in itself by any way."""
        above = self.parent
        for _ in range(DEEPEST):
            if above is None:
                return
            if above.organisation_id != self.organisation_id:
                raise ValidationError({"parent": "That location belongs to another organisation"})
            if above.pk == self.pk:
                raise ValidationError({"parent": "A location can’t be in itself"})
            above = above.parent
        raise ValidationError({"parent": f"Locations are at most {DEEPEST} deep"})


def paths(locations: Iterable[Location]) -> list[tuple[Location, str]]:
    """Locations of one organisation with their whole paths, in the order of the tree; no question to the database.

    One whose parent is not among them stands by its own name.
    """
    known = {place.pk: place for place in locations}

    def path(place: Location) -> str:
        names, seen = [place.name], {place.pk}
        while (place := known.get(place.parent_id)) and place.pk not in seen:  # type: ignore[assignment, arg-type]
            names.append(place.name)
            seen.add(place.pk)
        return BETWEEN.join(reversed(names))

    return sorted(((place, path(place)) for place in known.values()), key=lambda pair: pair[1].lower())


def within(location: Location) -> set[uuid.UUID]:
    """The ids of a location and of all that are in it."""
    below: dict[uuid.UUID | None, list[uuid.UUID]] = {}
    for pk, parent in Location.objects.filter(organisation=location.organisation_id).values_list("pk", "parent_id"):
        below.setdefault(parent, []).append(pk)
    found, todo = {location.pk}, [location.pk]
    while todo:
        for pk in below.get(todo.pop(), []):
            if pk not in found:
                found.add(pk)
                todo.append(pk)
    return found


class Stocktake(models.Model):
    """One count of what is in a location: open while it is scanned, then finished. Its result is in the custody of each exhibit."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="stocktakes")
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    finished_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(fields=["location"], condition=Q(finished_at=None), name="one_open_stocktake"),
            models.CheckConstraint(
                condition=Q(finished_at=None, finished_by=None) | Q(finished_at__isnull=False, finished_by__isnull=False),
                name="stocktake_finished_by_somebody",
            ),
        ]
        triggers = triggers.STOCKTAKE

    def __str__(self) -> str:
        return f"Stocktake of {self.location_id}"


class Scan(models.Model):
    """One thing that was scanned in a stocktake: an exhibit, or a text that names none. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stocktake = models.ForeignKey(Stocktake, on_delete=models.PROTECT, related_name="scans")
    exhibit = models.ForeignKey("evidence.Exhibit", on_delete=models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=200, help_text="As it was scanned or typed")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["stocktake", "exhibit"], condition=Q(exhibit__isnull=False), name="scanned_once"),
        ]
        triggers = triggers.SCAN

    def __str__(self) -> str:
        return self.text
