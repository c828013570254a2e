"""Each gap that lambda_gaps.py fills, as a client of AWS sees it."""

import base64
import io
import json
import zipfile

import pytest

ROLE = "arn:aws:iam::123456789012:role/inside"
GROUP = "/log-pipeline/inside"
# Lambda's own interface, as a runtime in any language speaks it.
RUNTIME = """#!/usr/bin/env python3
import json, os, sys, time, urllib.request

invocation = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"

def next_event():
    with urllib.request.urlopen(invocation + "next") as answer:
        return answer.headers, json.load(answer)

def post(what, body):
    data = json.dumps(body).encode()
    url = invocation + headers["Lambda-Runtime-Aws-Request-Id"] + "/" + what
    assert urllib.request.urlopen(urllib.request.Request(url, data)).status == 202

headers, event = next_event()
"""
ECHO = RUNTIME + "print('seen', event)\npost('response', {'seen': event})\nnext_event()\n"


def archive(script: str, mode: int = 0o755, name: str = "bootstrap") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as code:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        code.writestr(entry, script)
    return packed.getvalue()


@pytest.fixture
def functions(client):
    lambdas, iam = client("lambda"), client("iam")
    iam.create_role(RoleName=ROLE.rpartition("/")[2], AssumeRolePolicyDocument="{}")
    yield lambdas
    for function in lambdas.list_functions()["Functions"]:
        lambdas.delete_function(FunctionName=function["FunctionName"])
    iam.delete_role(RoleName=ROLE.rpartition("/")[2])


def make(functions, script: str = ECHO, **given) -> dict:
    code = {"ZipFile": given.pop("code", None) or archive(script)}
    return functions.create_function(
        FunctionName="inside",
        Runtime="provided.al2023",
        Handler="bootstrap",
        Role=ROLE,
        Code=code,
        **({"Timeout": 30} | given),
    )


def invoke(functions, event=None, **given) -> tuple[dict, dict]:
    answer = functions.invoke(FunctionName="inside", Payload=json.dumps(event), **given)
    return json.loads(answer["Payload"].read() or "null"), answer


def test_logging_is_kept(functions):
    logging = {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "WARN", "LogGroup": GROUP}
    assert make(functions, LoggingConfig=logging)["LoggingConfig"] == logging
    changed = {"LogFormat": "Text", "LogGroup": "/elsewhere"}
    functions.update_function_configuration(FunctionName="inside", LoggingConfig=changed)
    assert functions.get_function_configuration(FunctionName="inside")["LoggingConfig"] == changed


def test_logging_has_a_default(functions):
    make(functions)
    logging = functions.get_function(FunctionName="inside")["Configuration"]["LoggingConfig"]
    assert logging == {"LogFormat": "Text", "LogGroup": "/aws/lambda/inside"}


def test_update_changes_all_that_it_is_given_and_nothing_else(functions):
    make(functions, Environment={"Variables": {"A": "1"}}, TracingConfig={"Mode": "Active"}, MemorySize=256)
    before = functions.get_function_configuration(FunctionName="inside")
    changed = {
        "KMSKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/k",
        "TracingConfig": {"Mode": "PassThrough"},
        "EphemeralStorage": {"Size": 1024},
        "Timeout": 60,
    }
    functions.update_function_configuration(FunctionName="inside", **changed)
    after = functions.get_function_configuration(FunctionName="inside")
    del before["ResponseMetadata"], after["ResponseMetadata"]
    assert after == before | changed
    functions.update_function_configuration(FunctionName="inside", Environment={})
    assert "Environment" not in functions.get_function_configuration(FunctionName="inside")


def test_code_is_updated_with_its_architecture(functions):
    made = make(functions, Architectures=["arm64"])
    code = archive(ECHO.replace("seen", "found"))
    functions.update_function_code(FunctionName="inside", ZipFile=code, Architectures=["x86_64"])
    after = functions.get_function_configuration(FunctionName="inside")
    assert after["Architectures"] == ["x86_64"]
    assert after["CodeSha256"] != made["CodeSha256"]
    assert invoke(functions, 1)[0] == {"found": 1}


def test_function_runs_its_own_code(functions):
    make(functions)
    answer, response = invoke(functions, {"a": ["ä", 1]}, LogType="Tail")
    assert answer == {"seen": {"a": ["ä", 1]}}
    assert "FunctionError" not in response
    assert base64.b64decode(response["LogResult"]).decode() == "seen {'a': ['ä', 1]}\n"


def test_function_is_its_role_in_its_region(client, functions):
    script = RUNTIME + "post('response', [dict(os.environ), dict(headers)])\n"
    make(functions, script, Environment={"Variables": {"OPENSEARCH_ENDPOINT": "https://search"}})
    [environment, headers], _ = invoke(functions)
    assert environment["OPENSEARCH_ENDPOINT"] == "https://search"
    assert environment["AWS_REGION"] == "eu-west-1"
    identity = client("sts", environment).get_caller_identity()
    assert identity["Arn"] == "arn:aws:sts::123456789012:assumed-role/inside/inside"
    assert environment["AWS_SECRET_ACCESS_KEY"] != "local"
    assert headers["Lambda-Runtime-Invoked-Function-Arn"].endswith(":function:inside")


def test_function_may_take_until_its_deadline(functions):
    script = RUNTIME + "post('response', int(headers['Lambda-Runtime-Deadline-Ms']) / 1000 - time.time())\n"
    timeout = 20
    make(functions, script, Timeout=timeout)
    remaining, _ = invoke(functions)
    assert 0 < remaining <= timeout


@pytest.mark.parametrize(
    ("script", "kind", "message"),
    [
        ("post('error', {'errorMessage': 'security_exception: no', 'errorType': 'E'})", "E", "security_exception: no"),
        ("sys.exit(3)", "Runtime.ExitError", "Runtime exited with error: exit status 3"),
        ("os.kill(os.getpid(), 9)", "Runtime.ExitError", "signal: SIGKILL"),
        ("time.sleep(60)", "Sandbox.Timedout", "Task timed out after 2.00 seconds"),
    ],
    ids=["error", "exit", "signal", "timeout"],
)
def test_failure_is_told(functions, script, kind, message):
    make(functions, RUNTIME + script + "\n", Timeout=2 if kind == "Sandbox.Timedout" else 30)
    answer, response = invoke(functions)
    assert response["FunctionError"] == "Unhandled"
    assert answer["errorType"] == kind
    assert message in answer["errorMessage"]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        pytest.param(archive(ECHO, name="main"), "Couldn't find valid bootstrap", id="without entry"),
        pytest.param(archive(ECHO, mode=0o644), "Permission denied", id="not executable"),
        pytest.param(archive("\x7fELF of another machine"), "Exec format error", id="other architecture"),
    ],
)
def test_code_that_cannot_run_is_told(functions, code, message):
    make(functions, code=code)
    answer, response = invoke(functions)
    assert response["FunctionError"] == "Unhandled"
    assert (answer["errorType"], message in answer["errorMessage"]) == ("Runtime.InvalidEntrypoint", True)


def test_answer_in_chunks_is_put_together(functions):
    script = (
        RUNTIME
        + """
import http.client
connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
path = "/2018-06-01/runtime/invocation/" + headers["Lambda-Runtime-Aws-Request-Id"] + "/response"
connection.request("POST", path, iter([b'{"a":', b' 1}']), encode_chunked=True)
assert connection.getresponse().status == 202
"""
    )
    make(functions, script)
    assert invoke(functions)[0] == {"a": 1}


def test_output_is_logged_where_there_is_a_group(client, functions):
    logs = client("logs")
    logs.create_log_group(logGroupName=GROUP)
    make(functions, LoggingConfig={"LogGroup": GROUP})
    invoke(functions, 1)
    [stream] = logs.describe_log_streams(logGroupName=GROUP)["logStreams"]
    events = logs.get_log_events(logGroupName=GROUP, logStreamName=stream["logStreamName"])["events"]
    assert [event["message"] for event in events] == ["seen 1"]


def test_dry_run_runs_nothing(functions):
    make(functions, "#!/bin/false\n")
    answer, response = invoke(functions, InvocationType="DryRun")
    assert answer is None
    assert "FunctionError" not in response
