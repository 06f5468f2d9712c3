"""Roles: named sets of declared permissions."""

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.people.actor import Actor
from diwan.people.errors import NotAllowed, UnknownPermission
from diwan.people.models import Role
from diwan.people.registry import MANAGE_PEOPLE, is_declared


def define_role(*, code: str, name_ar: str, name_en: str, permissions: list[str], by: Actor) -> Role:
    """Make a role or change its names and permissions; UnknownPermission for a code that no package declares."""
    if not (by.is_system or by.can(MANAGE_PEOPLE)):
        raise NotAllowed
    for permission in permissions:
        if not is_declared(permission):
            raise UnknownPermission(permission=permission)
    with transaction.atomic():
        role, _ = Role.objects.update_or_create(
            code=code,
            defaults={"name_ar": name_ar, "name_en": name_en, "permissions": sorted(set(permissions))},
        )
        audit_row(
            by=by,
            action="people.role.defined",
            object_type="role",
            object_id=code,
            municipality_id=None,
            values={"permissions": role.permissions},
        )
    return role
