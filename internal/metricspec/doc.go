// Package metricspec reads the metric spec: which metrics the jobs make of the records, by which fields, filters, aggregates
// and dimensions, in one YAML file an environment. The reference for its users is docs/metrics.md.
//
// [Read] and [Parse] are strict: they name every fault at once, each with its line, its path and what is allowed.
// [Spec.Against] holds a spec against the stream and the producers that it is to be used with. [Spec.Resolved] is what the
// jobs read, [Spec.StateHash] names the checkpoint, and [Changes] says what another spec means for what is there already.
//
// Each key is declared once, in declare.go: reading, defaults, messages, the JSON Schema and the table in the docs follow
// from that. The package knows nothing of Pulumi, Spark or AWS. It does not run filters: components/metrics/spark does, and
// both go over the same files in testdata.
package metricspec
