"""What moto 5.2.5 lacks of Lake Formation; see gaps.py."""

from moto.lakeformation.exceptions import InvalidInput
from moto.lakeformation.models import LakeFormationBackend


def fill_all() -> None:
    """Fill every gap of Lake Formation."""
    refuse_to_revoke_nothing()


def refuse_to_revoke_nothing() -> None:
    """RevokePermissions of what is not granted is refused.

    moto's succeeds. The provider revokes until it is refused, and takes a
    success that lasts for a fault.
    """
    revoke_permissions = LakeFormationBackend.revoke_permissions

    def revoke_granted_permissions(self, catalog_id, principal, resource, *permissions, **named_permissions):
        granted = self.grants[catalog_id].permissions if catalog_id in self.grants else set()
        if not any(grant.principal == principal and grant.resource == resource for grant in granted):
            raise InvalidInput("No permissions revoked. Grantee has no permissions on the resource")
        return revoke_permissions(self, catalog_id, principal, resource, *permissions, **named_permissions)

    LakeFormationBackend.revoke_permissions = revoke_granted_permissions
