"""What moto 5.2.5 lacks of EMR Serverless; see gaps.py."""

import re

from moto.core.responses import ActionResult, EmptyResult
from moto.emrserverless import urls
from moto.emrserverless.exceptions import ResourceNotFoundException, ValidationException
from moto.emrserverless.models import EMRServerlessBackend
from moto.emrserverless.responses import EMRServerlessResponse

# A release that moto knows, in place of those that it does not.
KNOWN_RELEASE = "emr-7.0.0"
RELEASE = re.compile(r"emr-(spark-)?[0-9]+\.[0-9]+\.0(-[0-9]{8})?")
DEFAULT_ARCHITECTURE = "X86_64"


def fill_all() -> None:
    """Fill every gap of EMR Serverless."""
    make_applications_as_they_are_asked_for()
    update_all_of_an_application()
    change_tags()


def make_applications_as_they_are_asked_for() -> None:
    """moto knows neither the releases of Spark alone nor a type in small letters, and starts at once.

    EMR Serverless takes the type in either case: the provider sends it in small letters, and waits for CREATED. The
    architecture is lost as well, of which the provider has a default and so plans an update for ever.
    """
    create_in_backend = EMRServerlessBackend.create_application
    create_application = EMRServerlessResponse.create_application

    def create_of_release(self, name, release_label, application_type, **others):
        if not RELEASE.fullmatch(release_label):
            raise ValidationException(f"Release label '{release_label}' does not exist")
        application = create_in_backend(
            self, name=name, release_label=KNOWN_RELEASE, application_type=application_type.upper(), **others
        )
        application.release_label, application.state = release_label, "CREATED"
        application.architecture = DEFAULT_ARCHITECTURE
        return application

    def create_with_architecture(self):
        result = create_application(self)
        _keep(self, result.result["applicationId"], ("architecture",))
        return result

    EMRServerlessBackend.create_application = create_of_release
    EMRServerlessResponse.create_application = create_with_architecture


def update_all_of_an_application() -> None:
    """moto's UpdateApplication does not change architecture and release."""
    update_application = EMRServerlessResponse.update_application

    def update_whole_application(self):
        result = update_application(self)
        _keep(self, self._get_param("applicationId"), ("architecture", "releaseLabel"))
        return result

    EMRServerlessResponse.update_application = update_whole_application


def _keep(response: EMRServerlessResponse, application_id: str, members: tuple[str, ...]) -> None:
    application = response.emrserverless_backend.get_application(application_id)
    for member in members:
        given = response._get_param(member)
        if given:
            setattr(application, {"releaseLabel": "release_label"}.get(member, member), given)


def change_tags() -> None:
    """moto has none of the three calls about tags, and no path to them."""

    def tags_of(self) -> dict:
        arn = self._get_param("resourceArn")
        for application in self.emrserverless_backend.applications.values():
            if application.arn == arn:
                return application.tags
        raise ResourceNotFoundException(arn, "Resource")

    def list_tags_for_resource(self):
        return ActionResult({"tags": tags_of(self)})

    def tag_resource(self):
        tags_of(self).update(self._get_param("tags"))
        return EmptyResult()

    def untag_resource(self):
        tags = tags_of(self)
        for key in self._get_param("tagKeys"):
            tags.pop(key, None)
        return EmptyResult()

    urls.url_paths["{0}/tags/(?P<resourceArn>.+)$"] = EMRServerlessResponse.dispatch
    EMRServerlessResponse.list_tags_for_resource = list_tags_for_resource
    EMRServerlessResponse.tag_resource = tag_resource
    EMRServerlessResponse.untag_resource = untag_resource
