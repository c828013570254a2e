"""What moto 5.2.5 lacks of Firehose; see gaps.py."""

from moto.firehose import models
from moto.firehose.models import DeliveryStream
from moto.firehose.responses import FirehoseResponse

# What Firehose's API calls a destination in OpenSearch Service.
OPENSEARCH = "Amazonopensearchservice"
# The place among moto's arguments where it travels.
CARRIER = "Elasticsearch"
# moto's Lambda has the same VPC.
VPC = "vpc-123abc"


def fill_all() -> None:
    """Fill every gap of Firehose."""
    deliver_to_opensearch()
    describe_the_vpc()


class OpenSearchDestination(dict):
    """What a destination in OpenSearch Service is given."""


def deliver_to_opensearch() -> None:
    """moto knows the destination Elasticsearch, and not the one that came after it.

    It answers "Exactly one destination configuration is supported", since it sees none. Both have the same members.
    """
    get_param, find_destination = FirehoseResponse._get_param, models.find_destination_config_in_args

    def get_param_or_opensearch(self, param_name, *default):
        if not param_name.startswith(f"{CARRIER}Destination"):
            return get_param(self, param_name, *default)
        given = get_param(self, param_name.replace(CARRIER, OPENSEARCH))
        return OpenSearchDestination(given) if given else get_param(self, param_name, *default)

    def find_opensearch(arguments):
        name, destination = find_destination(arguments)
        return OPENSEARCH if isinstance(destination, OpenSearchDestination) else name, destination

    FirehoseResponse._get_param = get_param_or_opensearch
    models.find_destination_config_in_args = find_opensearch


def describe_the_vpc() -> None:
    """moto gives back the VpcConfiguration of a create, which a description calls otherwise and has the VPC's id in."""
    make = DeliveryStream.__init__

    def make_in_vpc(self, *args, **kwargs):
        destination = kwargs["destination_config"]
        vpc = destination.pop("VpcConfiguration", None)
        if vpc:
            destination["VpcConfigurationDescription"] = vpc | {"VpcId": VPC}
        make(self, *args, **kwargs)

    DeliveryStream.__init__ = make_in_vpc
