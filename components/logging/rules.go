package logging

import (
	"fmt"
	"regexp"
	"slices"

	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
)

// Rules of single settings. Those of names are in names.go.
var (
	// Cluster is the name of an EKS cluster (docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html).
	Cluster = fault.Matching(regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$`),
		"1 to 100 letters, digits, hyphens and underscores, the first a letter or digit")

	// Outputs are the names of outputs.
	Outputs = fault.OneOf(ToStream, ToS3, ToFirehose)
	// Parsers are the ways to read lines.
	Parsers = fault.OneOf(JSON, Istio, NoParser)
	// PartitionKeys are the fields that spread events over shards.
	PartitionKeys = fault.OneOf(ByEvent, ByPod)
	// Oversizes are what may become of an event that is too large.
	Oversizes = fault.OneOf(Truncate, Divert)

	// RedactField is the name of a field whose values are replaced.
	RedactField = redactField()
	// RedactPattern is a regular expression that means the same to Go, which checks it, and to Ruby, which runs it.
	RedactPattern = fault.Rule[string]{
		Allowed: "a regular expression that Go and Ruby read alike and that matches no empty text",
		Refuse:  refusePattern,
	}
	// MaxBytes is the size of the largest event.
	MaxBytes = fault.Between(16_384, DefaultMaxBytes)
	// S3FlushSeconds is how long an event waits for others on its way to S3.
	S3FlushSeconds = fault.Between(1, 3600)

	// sessionName: docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html.
	sessionName = fault.Matching(regexp.MustCompile(fmt.Sprintf(`^[\w+=,.@-]{2,%d}$`, maxSessionName)),
		fmt.Sprintf("2 to %d letters, digits and _+=,.@-", maxSessionName))
	// chartVersion is one release and no range: the operator stays the one that this package is built for.
	chartVersion  = fault.Matching(regexp.MustCompile(`^\d+\.\d+\.\d+$`), "a release such as "+DefaultChartVersion)
	chunkLimitMiB = fault.Between(1, capacity.MaxChunkMiB)
	queuedChunks  = fault.Between(1, 10_000)
)

func redactField() fault.Rule[string] {
	rule := fault.Matching(regexp.MustCompile(`^[A-Za-z0-9_.-]+$`), "a name of letters, digits and _.- that the pipeline does not set itself")
	rule.Schema["not"] = map[string]any{"enum": ownFields}
	refuse := rule.Refuse
	rule.Refuse = func(name string) (fault.Problem, bool) {
		switch {
		case name == "":
			return fault.Problemf("no field"), true
		case slices.Contains(ownFields, name):
			return fault.Problemf("set by the pipeline, which needs it"), true
		default:
			return refuse(name)
		}
	}
	return rule
}
