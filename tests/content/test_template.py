"""The dashboard's templates against CloudFormation's published schema, and against the data sets that they show.

The golden files of components/dashboard are what the component makes: of the
default metric spec, and of one with whatever that lacks.
"""

import json
from collections import Counter
from pathlib import Path

import pytest
import sqlglot
from cfnlint import api as cfnlint

TESTDATA = Path(__file__).parents[2] / "components" / "dashboard" / "testdata"
SPECS = ("default", "odd")
REGION = "eu-central-1"
# The keys under which something gets its id, each for one kind.
IDS = ("SheetId", "VisualId", "FieldId", "FilterId", "FilterGroupId", "FilterControlId")


def template_of(spec: str) -> str:
    return (TESTDATA / f"template-{spec}.json").read_text()


def definition_of(spec: str) -> dict:
    return json.loads(template_of(spec))["Resources"]["Dashboard"]["Properties"]["Definition"]


def data_sets_of(spec: str) -> dict[str, set[str]]:
    """The columns of each data set, by the set's ARN."""
    sets = json.loads((TESTDATA / f"datasets-{spec}.json").read_text())
    prefix = f"arn:aws:quicksight:{REGION}:111111111111:dataset/"
    return {prefix + name: {c["name"] for c in table["customSql"]["columns"]} for name, table in sets.items()}


def objects_in(value) -> list[dict]:
    """Every object in a value, that itself too."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found = [value] if isinstance(value, dict) else []
    return found + [deeper for one in inner for deeper in objects_in(one)]


def lint(template: str) -> list[str]:
    return [str(match) for match in cfnlint.lint(template, config=cfnlint.ManualArgs(regions=[REGION]))]


@pytest.mark.parametrize("spec", SPECS)
def test_cloudformation_takes_the_template(spec):
    assert lint(template_of(spec)) == []


def test_cloudformation_refuses_another():
    broken = template_of("default").replace('"VisualId": "live-line-requests"', '"VisualId": "live line"')
    assert lint(broken) != []


@pytest.mark.parametrize("spec", SPECS)
def test_each_column_is_in_its_data_set(spec):
    definition, data_sets = definition_of(spec), data_sets_of(spec)
    columns = {d["Identifier"]: set(data_sets[d["DataSetArn"]]) for d in definition["DataSetIdentifierDeclarations"]}
    for calculated in definition["CalculatedFields"]:
        columns[calculated["DataSetIdentifier"]].add(calculated["Name"])
    used = [o for o in objects_in(definition) if "ColumnName" in o]
    assert used
    missing = [o for o in used if o["ColumnName"] not in columns[o["DataSetIdentifier"]]]
    assert missing == []


@pytest.mark.parametrize("spec", SPECS)
def test_sql_of_data_sets_has_their_columns(spec):
    for name, table in json.loads((TESTDATA / f"datasets-{spec}.json").read_text()).items():
        query = sqlglot.parse_one(table["customSql"]["sqlQuery"], read="athena")
        assert query.named_selects == [c["name"] for c in table["customSql"]["columns"]], name


@pytest.mark.parametrize("spec", SPECS)
def test_calculated_fields_are_of_columns(spec):
    definition, data_sets = definition_of(spec), data_sets_of(spec)
    arns = {d["Identifier"]: d["DataSetArn"] for d in definition["DataSetIdentifierDeclarations"]}
    for calculated in definition["CalculatedFields"]:
        names = {part.split("}")[0] for part in calculated["Expression"].split("{")[1:]}
        assert names <= data_sets[arns[calculated["DataSetIdentifier"]]], calculated


@pytest.mark.parametrize("spec", SPECS)
def test_ids_are_given_once(spec):
    definition = definition_of(spec)
    sheets = definition["Sheets"]
    given = {
        "SheetId": [s["SheetId"] for s in sheets],
        "VisualId": [v["VisualId"] for s in sheets for kinds in s["Visuals"] for v in kinds.values()],
        "FilterGroupId": [g["FilterGroupId"] for g in definition["FilterGroups"]],
        "FilterId": [o["FilterId"] for o in objects_in(definition["FilterGroups"]) if "FilterId" in o],
        "FilterControlId": [o["FilterControlId"] for o in objects_in(sheets) if "FilterControlId" in o],
        "FieldId": [o["FieldId"] for o in objects_in(sheets) if "FieldId" in o and "Column" in o],
    }
    assert sorted(given) == sorted(IDS)
    for kind, ids in given.items():
        assert ids, kind
        assert [i for i, times in Counter(ids).items() if times > 1] == [], kind


@pytest.mark.parametrize("spec", SPECS)
def test_what_is_named_is_there(spec):
    """Scopes name visuals of their sheet, layouts and controls what is on it, and sorts fields of their visual."""
    definition = definition_of(spec)
    visuals = {
        s["SheetId"]: {v["VisualId"] for kinds in s["Visuals"] for v in kinds.values()} for s in definition["Sheets"]
    }
    filters = {o["FilterId"] for o in objects_in(definition["FilterGroups"]) if "FilterId" in o}
    for scope in (o for o in objects_in(definition["FilterGroups"]) if "Scope" in o):
        assert set(scope.get("VisualIds", [])) <= visuals[scope["SheetId"]]
    for sheet in definition["Sheets"]:
        controls = {c["FilterControlId"]: c for kinds in sheet["FilterControls"] for c in kinds.values()}
        assert {c["SourceFilterId"] for c in controls.values()} <= filters
        placed = {e["ElementId"] for e in objects_in(sheet["Layouts"]) if "ElementId" in e}
        assert placed == visuals[sheet["SheetId"]]
        assert {e["ElementId"] for e in objects_in(sheet["SheetControlLayouts"]) if "ElementId" in e} == set(controls)
        for visual in sheet["Visuals"]:
            fields = {o["FieldId"] for o in objects_in(visual) if "FieldId" in o and "Column" in o}
            assert {o["FieldId"] for o in objects_in(visual) if "Direction" in o and "FieldId" in o} <= fields


@pytest.mark.parametrize("spec", SPECS)
def test_visuals_do_not_lie_on_each_other(spec):
    for sheet in definition_of(spec)["Sheets"]:
        cells = Counter(
            (row, column)
            for e in objects_in(sheet["Layouts"])
            if "ElementId" in e
            for row in range(e["RowIndex"], e["RowIndex"] + e["RowSpan"])
            for column in range(e["ColumnIndex"], e["ColumnIndex"] + e["ColumnSpan"])
        )
        assert max(cells.values()) == 1
