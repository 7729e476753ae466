"""Starts LocalStack. There is no Docker engine: a function is a process of Node.js, with the code that was deployed."""

import ctypes
import json
import os
import signal
import subprocess

from localstack.services.lambda_.invocation import runtime_executor
from localstack.services.lambda_.invocation.lambda_models import InvocationResult

PR_SET_PDEATHSIG = 1
INVOKE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "invoke.js")


class NodeExecutor(runtime_executor.RuntimeExecutor):
    """Runs each invocation in a process of its own, with the environment and the credentials of the function."""

    def start(self, env_vars):
        self.environment = {name: str(value) for name, value in env_vars.items()}

    def invoke(self, payload):
        code = self.function_version.config.code.get_unzipped_code_location()
        kept = {name: os.environ[name] for name in ("PATH", "NODE_PATH")}
        process = subprocess.run(
            ["node", INVOKE],
            input=payload["payload"],
            cwd=str(code),
            env={**self.environment, **kept},
            timeout=self.function_version.config.timeout,
            capture_output=True,
            text=True,
        )
        failed = process.returncode != 0
        result = json.dumps({"errorMessage": process.stderr}) if failed else process.stdout
        return InvocationResult(payload["invoke-id"], result.encode(), is_error=failed, logs=process.stderr)

    def stop(self):
        pass

    def get_address(self):
        return "127.0.0.1"

    def get_endpoint_from_executor(self):
        return "127.0.0.1"

    def get_runtime_endpoint(self):
        return "unused"

    def get_logs(self):
        return ""

    @classmethod
    def prepare_version(cls, function_version):
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version):
        function_version.config.code.destroy_cached()


runtime_executor.get_runtime_executor = lambda: NodeExecutor

if __name__ == "__main__":
    # LocalStack ends when the process that started it does, even if that is killed.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    from localstack.runtime.main import main

    main()
