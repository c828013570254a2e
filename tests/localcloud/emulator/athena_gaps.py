"""What moto 5.2.5 lacks of Athena; see gaps.py."""

import json

from moto.athena.models import WorkGroup
from moto.athena.responses import AthenaResponse

NEWEST_ENGINE = "Athena engine version 3"


def fill_all() -> None:
    """Fill every gap of Athena."""
    say_which_engine_it_is()
    miss_missing_work_groups()
    update_work_groups()
    delete_named_queries()
    delete_work_groups_as_asked()
    have_no_tags()


def say_which_engine_it_is() -> None:
    """moto gives back the engine that was chosen, and not the one that this comes to."""
    make = WorkGroup.__init__

    def make_with_engine(self, *args, **kwargs):
        make(self, *args, **kwargs)
        _settle_engine(self.configuration)

    WorkGroup.__init__ = make_with_engine


def _settle_engine(configuration: dict) -> None:
    chosen = configuration["EngineVersion"].get("SelectedEngineVersion", "AUTO")
    configuration["EngineVersion"] = {
        "SelectedEngineVersion": chosen,
        "EffectiveEngineVersion": NEWEST_ENGINE if chosen == "AUTO" else chosen,
    }


def miss_missing_work_groups() -> None:
    """moto answers GetWorkGroup with nothing where there is none; the provider looks for the message."""
    get_work_group = AthenaResponse.get_work_group

    def get_or_miss(self):
        name = self._get_param("WorkGroup")
        return get_work_group(self) if name in self.athena_backend.work_groups else _not_found(self, name)

    AthenaResponse.get_work_group = get_or_miss


def _not_found(response: AthenaResponse, name: str):
    return response.error(f"WorkGroup {name} is not found.", 400)


def update_work_groups() -> None:
    """moto has no UpdateWorkGroup, which changes what it is given and removes what it is told to."""

    def update_work_group(self):
        name = self._get_param("WorkGroup")
        group = self.athena_backend.work_groups.get(name)
        if group is None:
            return _not_found(self, name)
        _change(group.configuration, self._get_param("ConfigurationUpdates", {}))
        _settle_engine(group.configuration)
        group.description = self._get_param("Description", group.description)
        group.state = self._get_param("State", group.state)
        return json.dumps({})

    AthenaResponse.update_work_group = update_work_group


def _change(configuration: dict, updates: dict) -> None:
    """ConfigurationUpdates have the members of a Configuration, Remove<member>, and the same of <member>Updates."""
    for member, value in updates.items():
        if member.startswith("Remove"):
            if value:
                configuration.pop(member.removeprefix("Remove"), None)
        elif member.endswith("Updates"):
            _change(configuration.setdefault(member.removesuffix("Updates"), {}), value)
        else:
            configuration[member] = value


def delete_named_queries() -> None:
    """moto has no DeleteNamedQuery, and fails with a 500 on a query that is not there."""
    get_named_query = AthenaResponse.get_named_query

    def or_missing(answer):
        def answer_or_miss(self):
            query = self._get_param("NamedQueryId")
            if query in self.athena_backend.named_queries:
                return answer(self)
            return self.error(f"NamedQuery {query} does not exist", 400)

        return answer_or_miss

    def delete_named_query(self):
        del self.athena_backend.named_queries[self._get_param("NamedQueryId")]
        return json.dumps({})

    AthenaResponse.get_named_query = or_missing(get_named_query)
    AthenaResponse.delete_named_query = or_missing(delete_named_query)


def delete_work_groups_as_asked() -> None:
    """moto deletes a work group and leaves its queries; Athena refuses, or deletes them too if it is asked to."""
    delete_work_group = AthenaResponse.delete_work_group

    def delete_with_queries(self):
        name, queries = self._get_param("WorkGroup"), self.athena_backend.named_queries
        own = [query for query, named in queries.items() if named.workgroup.name == name]
        if own and not self._get_param("RecursiveDeleteOption"):
            return self.error(f"WorkGroup {name} is not empty", 400)
        for query in own:
            del queries[query]
        return delete_work_group(self)

    AthenaResponse.delete_work_group = delete_with_queries


def have_no_tags() -> None:
    """moto takes a work group without tags for one that is not there when it lists them."""
    list_tags_for_resource = AthenaResponse.list_tags_for_resource

    def list_even_none(self):
        arn = self._get_param("ResourceARN")
        tagged = [*self.athena_backend.work_groups.values(), *self.athena_backend.data_catalogs.values()]
        if any(resource.arn == arn for resource in tagged) and not self.athena_backend.tagger.has_tags(arn):
            return json.dumps({"Tags": []})
        return list_tags_for_resource(self)

    AthenaResponse.list_tags_for_resource = list_even_none
