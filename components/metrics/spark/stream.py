"""Entry point of the streaming job."""

from log_pipeline_metrics.streaming import main

main()
