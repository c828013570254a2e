"""What moto 5.2.5 lacks of CloudFormation; see gaps.py."""

import time

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.parsing import get_model_map
from moto.core.common_models import CloudFormationModel
from moto.quicksight.models import quicksight_backends

import quicksight_store

DASHBOARD = "AWS::QuickSight::Dashboard"


def fill_all() -> None:
    """Fill every gap of CloudFormation: have moto look for classes of resources once more."""
    get_model_map.cache_clear()


class Dashboard(CloudFormationModel):
    """A dashboard as its template has it: moto leaves out resources of types that it does not know.

    What is in it is kept and described, and nothing else: no visual is drawn
    here, and a green `up` proves nothing about it.
    """

    # moto finds the service of a resource's class in its module's name.
    __module__ = "moto.quicksight.models"

    def __init__(self, kept: quicksight_store.Kept) -> None:
        self.kept = kept

    @property
    def physical_resource_id(self) -> str:
        return f"{self.kept.arn.split(':')[4]}|{self.kept.id}"

    @staticmethod
    def cloudformation_name_type() -> str:
        return "DashboardId"

    @staticmethod
    def cloudformation_type() -> str:
        return DASHBOARD

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr == "Arn"

    def get_cfn_attribute(self, _: str) -> str:
        return self.kept.arn

    def is_created(self) -> bool:
        return True

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **_):
        given = checked(cloudformation_json["Properties"], account_id, region_name)
        return cls(
            quicksight_store.make(quicksight_backends[account_id][region_name], "Dashboard", resource_name, given)
        )

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
    ):
        kept = original_resource.kept
        if new_resource_name != kept.id:
            made = cls.create_from_cloudformation_json(new_resource_name, cloudformation_json, account_id, region_name)
            original_resource.delete(account_id, region_name)
            return made
        kept.given = checked(cloudformation_json["Properties"], account_id, region_name)
        kept.permissions, kept.status, kept.updated = (
            kept.given.get("Permissions", []),
            "UPDATE_SUCCESSFUL",
            time.time(),
        )
        return original_resource

    def delete(self, account_id: str, region_name: str) -> None:
        quicksight_store.kept_of(quicksight_backends[account_id][region_name]).pop(("Dashboard", self.kept.id), None)


def checked(properties: dict, account_id: str, region_name: str) -> dict:
    """A dashboard is on data sets that are there."""
    kept = quicksight_store.kept_of(quicksight_backends[account_id][region_name]).values()
    there = {found.arn for found in kept if found.kind == "DataSet"}
    missing = [
        declared["DataSetArn"]
        for declared in properties["Definition"]["DataSetIdentifierDeclarations"]
        if declared["DataSetArn"] not in there
    ]
    if missing:
        raise ValidationError(properties["DashboardId"], f"Data sets are not found: {', '.join(missing)}")
    return properties
