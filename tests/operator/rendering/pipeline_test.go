package rendering_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/tests/mocks"
	"example.com/log-pipeline/tests/operator/rendering"
)

// args set what matters to values that are nobody's default.
func args() *logging.Args {
	return &logging.Args{
		Cluster:   "eu-prod",
		Namespace: "logging",
		Agent:     logging.Agent{DiskLimitMiB: 3000, IgnoredNamespaces: []string{"ci"}},
		Aggregator: logging.Aggregator{
			RoleARN:  "arn:aws:iam::222222222222:role/log-pipeline-prod-eu-prod-fluentd",
			Replicas: 3, Workers: 1, FlushThreads: 6, FlushSeconds: 7, ChunkLimitMiB: 4, DiskGiB: 40, RetriesOnBatchRequest: 321,
		},
		Writer: logging.Writer{RoleARN: "arn:aws:iam::111111111111:role/log-pipeline-prod-writer", ExternalID: "between-us"},
		Stream: &logging.Stream{Name: "log-pipeline-prod-logs", Region: "eu-central-1"},
		Failed: logging.Failed{BucketName: pulumi.String("failed-bucket"), Region: "eu-central-1"},
		Flows: []logging.Flow{
			{Name: "shop", Namespaces: []string{"shop"}, Labels: map[string]string{"app.kubernetes.io/part-of": "shop"}},
			{Name: "mesh", Namespaces: []string{"mesh"}, Containers: []string{"istio-proxy"}, Parser: logging.Istio},
		},
		Events: logging.Events{RedactFields: []string{"password"}, RedactPatterns: []string{`\b\d{16}\b`}},
	}
}

// workers is a change to several workers.
func workers(a *logging.Args) { a.Aggregator.Workers = 3 }

// everyOutput is a change to all the places that logs can go to.
func everyOutput(a *logging.Args) {
	a.S3 = &logging.S3{BucketName: pulumi.String("raw-bucket"), Region: "eu-central-1", FlushSeconds: 90}
	a.Firehose = &logging.Firehose{DeliveryStreamName: "direct", Region: "eu-central-1"}
	a.Flows[1].Outputs = []logging.OutputName{logging.ToS3}
}

// pipeline is what the operator makes of the component.
type pipeline struct {
	*rendering.Rendered
	fluentd, agent *rendering.Section
	args           *logging.Args
}

// register gives the component's custom resources, and the arguments that it was given.
func register(t *testing.T, changes ...func(*logging.Args)) (*logging.Args, []*unstructured.Unstructured) {
	t.Helper()
	given := args()
	for _, change := range changes {
		change(given)
	}
	recording, err := mocks.Up(func(ctx *pulumi.Context) error {
		_, err := logging.New(ctx, "eks", given)
		return err
	})
	require.NoError(t, err)
	return given, rendering.Objects(recording)
}

func render(t *testing.T, given *logging.Args, objects []*unstructured.Unstructured) (*pipeline, error) {
	t.Helper()
	rendered, err := rendering.Render(t.Context(), objects)
	if err != nil {
		return nil, err
	}
	p := &pipeline{Rendered: rendered, args: given}
	p.fluentd, err = rendering.ParseFluentd(rendered.Fluentd)
	require.NoError(t, err)
	p.agent, err = rendering.ParseFluentBit(rendered.FluentBit)
	require.NoError(t, err)
	return p, nil
}

func build(t *testing.T, changes ...func(*logging.Args)) *pipeline {
	t.Helper()
	given, objects := register(t, changes...)
	p, err := render(t, given, objects)
	require.NoError(t, err)
	return p
}

// of are the plugins of a type, wherever they stand: filters, outputs and the stores of copies.
func (p *pipeline) of(types ...string) []*rendering.Section {
	var found []*rendering.Section
	for section := range p.fluentd.All("filter", "match", "store") {
		if slices.Contains(types, section.Settings["@type"]) {
			found = append(found, section)
		}
	}
	return found
}

// delivering are the outputs that call AWS.
func (p *pipeline) delivering() []*rendering.Section {
	return p.of("kinesis_streams", "kinesis_firehose", "s3")
}

// chain is what an event meets that enters a label, relabelling followed; a copy's stores stand in it one by one.
func (p *pipeline) chain(label string) []*rendering.Section {
	entered := p.fluentd.Child("label", label)
	if entered == nil {
		return nil
	}
	var met []*rendering.Section
	for _, section := range entered.Sections {
		met = append(met, section)
		if section.Settings["@type"] == "relabel" {
			met = append(met, p.chain(section.Settings["@label"])...)
		}
		met = append(met, section.Sections...)
	}
	return met
}

// flowLabels are where the router sends events, the default route last.
func (p *pipeline) flowLabels() []string {
	var labels []string
	for route := range p.fluentd.All("route") {
		labels = append(labels, route.Settings["@label"])
	}
	return append(labels, p.of("label_router")[0].Settings["default_route"])
}

// route is the first label to which the router sends the log of a container, or the default route
// (gh:kube-logging/fluent-plugin-label-router lib/fluent/plugin/out_label_router.rb, match?).
func (p *pipeline) route(namespace, container string, labels ...string) string {
	for route := range p.fluentd.All("route") {
		for _, match := range route.Sections {
			fits := isListed(match.Settings["namespaces"], namespace) && isListed(match.Settings["container_names"], container)
			for wanted := range strings.SplitSeq(match.Settings["labels"], ",") {
				fits = fits && (wanted == "" || slices.Contains(labels, wanted))
			}
			if fits && match.Settings["negate"] == "false" {
				return route.Settings["metrics_labels"]
			}
			if fits {
				break
			}
		}
	}
	return "default"
}

func isListed(list, name string) bool {
	return list == "" || slices.Contains(strings.Split(list, ","), name)
}

// mount is where a container of the name has a volume, by the volume's name.
func mount(t assert.TestingT, pod corev1.PodSpec, container, volume string) string {
	for _, c := range pod.Containers {
		for _, m := range c.VolumeMounts {
			if c.Name == container && m.Name == volume {
				return m.MountPath
			}
		}
	}
	assert.Fail(t, "not mounted", "container %s, volume %s", container, volume)
	return ""
}

// hostFolders are the node's folders that a container has mounted, by mount path; only those that it may write to.
func hostFolders(set *appsv1.DaemonSet, container string) map[string]string {
	folders := make(map[string]string)
	for _, volume := range set.Spec.Template.Spec.Volumes {
		for _, c := range set.Spec.Template.Spec.Containers {
			for _, m := range c.VolumeMounts {
				if c.Name == container && m.Name == volume.Name && volume.HostPath != nil && !m.ReadOnly {
					folders[m.MountPath] = volume.HostPath.Path
				}
			}
		}
	}
	return folders
}
