"""What moto 5.2.5 lacks of Lambda; see gaps.py."""

import base64
import threading

from moto.awslambda.models import LambdaFunction
from moto.sts.models import sts_backends

import lambda_runtime

# What of a function's log an answer carries: docs.aws.amazon.com/lambda/latest/api/API_Invoke.html.
TAIL_BYTES = 4096
SESSION_SECONDS = 3600


def fill_all() -> None:
    """Fill every gap of Lambda."""
    keep_where_functions_log()
    update_all_of_a_configuration()
    update_architectures()
    run_functions()


def keep_where_functions_log() -> None:
    """moto loses LoggingConfig: the provider plans to set it for ever."""
    make, configuration = LambdaFunction.__init__, LambdaFunction.get_configuration

    def make_with_logging(self, account_id, spec, *args, **kwargs):
        make(self, account_id, spec, *args, **kwargs)
        _log(self, spec.get("LoggingConfig", {}))

    def configuration_with_logging(self, *args, **kwargs):
        return configuration(self, *args, **kwargs) | {"LoggingConfig": self.logging}

    LambdaFunction.__init__ = make_with_logging
    LambdaFunction.get_configuration = configuration_with_logging


def _log(function: LambdaFunction, given: dict) -> None:
    function.logging = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function.function_name}"} | given
    function.logs_group_name = function.logging["LogGroup"]


def update_all_of_a_configuration() -> None:
    """moto's UpdateFunctionConfiguration leaves out half of what it is given, and fails on an empty environment."""
    update_configuration = LambdaFunction.update_configuration

    def update_whole_configuration(self, config_updates):
        given = dict(config_updates)
        if "Environment" in given:
            given["Environment"] = {"Variables": given["Environment"].get("Variables", {})}
        self.kms_key_arn = given.get("KMSKeyArn", self.kms_key_arn)
        self.tracing_config = given.get("TracingConfig", self.tracing_config)
        self.ephemeral_storage = given.get("EphemeralStorage", {}).get("Size", self.ephemeral_storage)
        if "LoggingConfig" in given:
            _log(self, given["LoggingConfig"])
        return update_configuration(self, given)

    LambdaFunction.update_configuration = update_whole_configuration


def update_architectures() -> None:
    """UpdateFunctionCode changes the architecture with the code; moto's does not."""
    update_function_code = LambdaFunction.update_function_code

    def update_code_and_architecture(self, updated_spec):
        self.architectures = updated_spec.get("Architectures", self.architectures)
        return update_function_code(self, updated_spec)

    LambdaFunction.update_function_code = update_code_and_architecture


def run_functions() -> None:
    """moto runs functions in Docker; here the bootstrap of the function's own code runs as a process."""

    def invoke(self, body, request_headers, response_headers):
        kind = request_headers.get("X-Amz-Invocation-Type", "RequestResponse")
        event = body.encode() if isinstance(body, str) else body
        if kind == "DryRun":
            return b""
        if kind == "Event":
            threading.Thread(target=_run, args=(self, event, request_headers), daemon=True).start()
            return b""
        outcome = _run(self, event, request_headers)
        if outcome.failed:
            response_headers["X-Amz-Function-Error"] = "Unhandled"
        response_headers["x-amz-log-result"] = base64.b64encode(outcome.log[-TAIL_BYTES:]).decode()
        return outcome.payload

    LambdaFunction.invoke = invoke


def _run(function: LambdaFunction, event: bytes, headers) -> lambda_runtime.Outcome:
    code = function.code_bytes
    outcome = lambda_runtime.run(code, event or b"{}", _context(function, f"http://{headers['Host']}"))
    if function.logs_group_name in function.logs_backend.groups and outcome.log:
        function.save_logs(outcome.log.decode(errors="replace"))
    return outcome


def _context(function: LambdaFunction, endpoint: str) -> lambda_runtime.Context:
    """What a function is told: docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html."""
    session = sts_backends[function.account_id][function.partition].assume_role(
        region_name=function.region,
        role_session_name=function.function_name,
        role_arn=function.role,
        policy=None,
        duration=SESSION_SECONDS,
        external_id=None,
    )
    environment = function.environment_vars | {
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_ACCESS_KEY_ID": session.access_key_id,
        "AWS_SECRET_ACCESS_KEY": session.secret_access_key,
        "AWS_SESSION_TOKEN": session.session_token,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        "AWS_LAMBDA_FUNCTION_VERSION": str(function.version),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
        "AWS_LAMBDA_LOG_GROUP_NAME": function.logs_group_name,
        "_HANDLER": function.handler,
    }
    return lambda_runtime.Context(function.function_arn, int(function.timeout), environment)
