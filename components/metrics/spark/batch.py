"""Entry point of the batch."""

from log_pipeline_metrics.batching import main

main()
