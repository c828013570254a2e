package rendering_test

import (
	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func flowSettings() []setting {
	return []setting{
		{
			"flows take what they select",
			func(t assert.TestingT, p *pipeline) {
				part := "app.kubernetes.io/part-of:shop"
				assert.Contains(t, p.route("shop", "web", part), "clusterflow:logging:shop")
				assert.Contains(t, p.route("mesh", "istio-proxy"), "clusterflow:logging:mesh")
				for _, other := range []string{p.route("shop", "web"), p.route("mesh", "web"), p.route("kube-system", "istio-proxy", part)} {
					assert.Equal(t, "default", other)
				}
			},
			without("ClusterFlow", "spec", "match"),
		},
		{
			"no flow takes the logging system's own logs",
			func(t assert.TestingT, p *pipeline) {
				for route := range p.fluentd.All("route") {
					first := route.Sections[0].Settings
					assert.Equal(t, "true", first["negate"], "the first match that fits decides")
					assert.True(t, isListed(first["namespaces"], "logging") && isListed(first["namespaces"], "ci"), first["namespaces"])
				}
			},
			each("ClusterFlow", func(o *unstructured.Unstructured) bool {
				matches, _, _ := unstructured.NestedSlice(o.Object, "spec", "match")
				if len(matches) == 0 {
					return false
				}
				return unstructured.SetNestedSlice(o.Object, matches[1:], "spec", "match") == nil
			}),
		},
		{
			"what no flow takes is kept",
			func(t assert.TestingT, p *pipeline) {
				assert.True(t, p.endsIn(p.of("label_router")[0].Settings["default_route"], "failed-bucket"))
			},
			without("Logging", "spec", "defaultFlow"),
		},
		{
			"what fails is kept",
			func(t assert.TestingT, p *pipeline) { assert.True(t, p.endsIn("@ERROR", "failed-bucket")) },
			without("Logging", "spec", "errorOutputRef"),
		},
		{
			// Events leave the root by the router; Fluentd's own log, by its own label.
			"nothing else goes to null",
			func(t assert.TestingT, p *pipeline) {
				var ids []string
				for _, output := range p.of("null") {
					ids = append(ids, output.Settings["@id"])
				}
				assert.Equal(t, []string{"main-no-output", "main-fluentd-log"}, ids)
			},
			without("Logging", "spec", "errorOutputRef"),
		},
		{
			// gh:kube-logging/logging-operator pkg/sdk/logging/model/types/types.go, NewCopyDirective: a relabel among several outputs
			// is written without its label, and Fluentd then sends events to the label that they come from, for ever.
			"relabelled events arrive",
			func(t assert.TestingT, p *pipeline) {
				for _, output := range p.of("relabel") {
					assert.NotNil(t, p.fluentd.Child("label", output.Settings["@label"]), output.Settings["@id"])
				}
				for _, label := range p.flowLabels()[:2] {
					assert.True(t, p.endsIn(label, ""), label)
				}
			},
			each("ClusterFlow", func(o *unstructured.Unstructured) bool {
				if o.GetName() != "shop" {
					return false
				}
				refs, _, _ := unstructured.NestedStringSlice(o.Object, "spec", "globalOutputRefs")
				return unstructured.SetNestedStringSlice(o.Object, append(refs, "failed"), "spec", "globalOutputRefs") == nil
			}),
		},
		{
			"outputs are reached in the other account",
			func(t assert.TestingT, p *pipeline) {
				assert.NotEmpty(t, p.delivering())
				for _, output := range p.delivering() {
					if credentials := output.Child("assume_role_credentials", ""); assert.NotNil(t, credentials) {
						assert.Equal(t, p.args.Writer.RoleARN, credentials.Settings["role_arn"])
						assert.Equal(t, "between-us", credentials.Settings["external_id"])
						assert.Equal(t, "3600", credentials.Settings["duration_seconds"], "the most that role chaining allows")
						assert.Contains(t, credentials.Settings["role_session_name"], "eu-prod")
					}
				}
			},
			without("ClusterOutput", "spec", "kinesisStream", "assume_role_credentials", "external_id"),
		},
		{
			"the stream is the one that was planned, and the plugin's own drop is far away",
			func(t assert.TestingT, p *pipeline) {
				assert.NotEmpty(t, p.of("kinesis_streams"))
				for _, output := range p.of("kinesis_streams") {
					assert.Equal(t, "log-pipeline-prod-logs", output.Settings["stream_name"])
					assert.Equal(t, "eu-central-1", output.Settings["region"])
					assert.Equal(t, "321", output.Settings["retries_on_batch_request"])
				}
			},
			without("ClusterOutput", "spec", "kinesisStream", "retries_on_batch_request"),
		},
	}
}

// endsIn says whether events that enter a label are delivered, to a bucket where one is given.
func (p *pipeline) endsIn(label, bucket string) bool {
	for _, section := range p.chain(label) {
		switch section.Settings["@type"] {
		case "s3":
			if bucket == "" || section.Settings["s3_bucket"] == bucket {
				return true
			}
		case "kinesis_streams", "kinesis_firehose":
			if bucket == "" {
				return true
			}
		}
	}
	return false
}
