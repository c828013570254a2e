// Package metricviews says in which views of Athena the metrics of a spec are read, live and exact values together: which there
// are, which columns they have, and their SQL, of views and of the queries that people ask first.
//
// The tables are those of components/warehouse. metrics_live has what the streaming job counts, metrics_batch what the batch
// counts exactly. The cut-over is the latest in batch_runs: windows before it are read from metrics_batch and no others,
// windows from it on from metrics_live, and all from there as long as there is none. sql/counted.sql says so for all views.
//
// A ratio is computed from its numerator and its denominator of the same window, dimensions and table. It has no row where one
// of them is absent or the denominator is 0.
//
// What a query of a view reads: of metrics_batch and metrics_live the days that it asks for by window_start, each once however
// many metrics and ratios there are. A query without window_start reads all days.
//
// All times are UTC. In the tables they may be Iceberg's timestamp with or without zone; in the views they are timestamp(6), the
// only type that Athena takes for either in a view. Where the tables' times have a zone a query reads all days whatever it
// asks for, since Trino takes no filter through a cast from such a time.
package metricviews
