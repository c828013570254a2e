"""The batch, but for its arguments: they say that spec and raw are in S3, and here they are on this machine."""

import json
import sys

from log_pipeline_metrics import batch_arguments, batching

batch_arguments.parse = lambda _: batch_arguments.BatchArguments(**json.loads(sys.argv[1]))
batching.main()
