package logging_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/tests/mocks"
)

const apiVersion = "logging.banzaicloud.io/v1beta1"

func minimal() *logging.Args {
	return &logging.Args{
		Cluster:    "prod-eu",
		Aggregator: logging.Aggregator{RoleARN: "arn:aws:iam::222222222222:role/fluentd"},
		Writer:     logging.Writer{RoleARN: "arn:aws:iam::111111111111:role/writer", ExternalID: "4f1c"},
		Stream:     &logging.Stream{Name: "logs", Region: "eu-central-1"},
		Failed:     logging.Failed{BucketName: pulumi.String("raw"), Region: "eu-central-1"},
		Flows:      []logging.Flow{{Name: "everything"}},
	}
}

func program(args *logging.Args) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		_, err := logging.New(ctx, "eks", args)
		return err
	}
}

func up(t *testing.T, change func(*logging.Args)) *mocks.Recording {
	t.Helper()
	args := minimal()
	if change != nil {
		change(args)
	}
	recording, err := mocks.Up(program(args))
	require.NoError(t, err)
	return recording
}

// at follows a path such as "spec.inputTail.Tag"; keys that have dots themselves are written with colons.
func at(r mocks.Resource, path string) any {
	var steps []any
	for step := range strings.SplitSeq(path, ".") {
		steps = append(steps, strings.ReplaceAll(step, ":", "."))
	}
	return r.Get(steps...)
}

func assertAll(t *testing.T, r mocks.Resource, want map[string]any) {
	t.Helper()
	for path, value := range want {
		assert.EqualValues(t, value, at(r, path), path)
	}
}

func TestNamesAreThoseThatRolesAndOtherSystemsCountOn(t *testing.T) {
	var namespace, account any
	recording, err := mocks.Up(func(ctx *pulumi.Context) error {
		l, err := logging.New(ctx, "eks", minimal())
		if err != nil {
			return err
		}
		first, err := internals.UnsafeAwaitOutput(ctx.Context(), l.Namespace)
		if err != nil {
			return err
		}
		second, err := internals.UnsafeAwaitOutput(ctx.Context(), l.ServiceAccount)
		namespace, account = first.Value, second.Value
		return err
	})
	require.NoError(t, err)
	assert.Equal(t, "logging", namespace)
	assert.Equal(t, "log-pipeline-fluentd", account)

	system := recording.Named(t, "eks-system")
	assertAll(t, system, map[string]any{
		"apiVersion": apiVersion, "kind": "Logging", "metadata.name": "log-pipeline", "spec.controlNamespace": "logging",
	})
	assert.Nil(t, at(system, "metadata.namespace"), "a Logging is the cluster's")
	assertAll(t, recording.Named(t, "eks-agent"), map[string]any{"kind": "FluentbitAgent", "metadata.name": "log-pipeline"})
	for _, r := range recording.All() {
		if strings.Contains(r.Type, apiVersion) {
			assert.Equal(t, "log-pipeline", at(r, "spec.loggingRef"), "%s: another logging system of the cluster is left alone", r.Name)
		}
		if strings.HasSuffix(r.Type, ":ClusterFlow") || strings.HasSuffix(r.Type, ":ClusterOutput") {
			assert.Equal(t, "logging", at(r, "metadata.namespace"), "%s: only there does the operator look", r.Name)
		}
	}
}

func TestWhatIsReadIsThereBeforeItsReaderAndGoneAfterIt(t *testing.T) {
	recording := up(t, func(a *logging.Args) { a.Operator.Install = true })
	namespace, chart := recording.Named(t, "eks-namespace"), recording.Named(t, "eks-operator")
	output, flow := recording.Named(t, "eks-output/stream"), recording.Named(t, "eks-flow/everything")
	system, agent := recording.Named(t, "eks-system"), recording.Named(t, "eks-agent")
	for _, chain := range [][2]mocks.Resource{
		{chart, namespace}, {output, namespace}, {output, chart}, {flow, output}, {system, flow}, {agent, system},
	} {
		assert.True(t, chain[0].DependsOn(chain[1]), "%s waits for %s", chain[0].Name, chain[1].Name)
	}
}

func TestTheOperatorIsInstalledOnlyIfItIsAskedFor(t *testing.T) {
	assert.Empty(t, up(t, nil).OfType("kubernetes:helm.sh/v4:Chart"), "two operators fight")
	chart := up(t, func(a *logging.Args) { a.Operator.Install = true }).Named(t, "eks-operator")
	assertAll(t, chart, map[string]any{
		"chart": "oci://ghcr.io/kube-logging/helm-charts/logging-operator", "version": "5.3.0", "namespace": "logging", "skipCrds": false,
	})
}

func TestTheNamespaceMayBeThereAlready(t *testing.T) {
	made := up(t, func(a *logging.Args) { a.Namespace = "logs" }).Named(t, "eks-namespace")
	assertAll(t, made, map[string]any{"metadata.name": "logs"})
	assert.Equal(t, map[string]any{"pod-security.kubernetes.io/enforce": "privileged"}, at(made, "metadata.labels"), "agents mount the node's folders")
	existing := up(t, func(a *logging.Args) { a.Namespace, a.ExistingNamespace = "logs", true })
	assert.Empty(t, existing.OfType("kubernetes:core/v1:Namespace"))
	assertAll(t, existing.Named(t, "eks-system"), map[string]any{"spec.controlNamespace": "logs"})
}

// A null or an empty text is a value for the API server, which the operator then reads instead of its default.
func TestWhatIsNotSetIsNotSent(t *testing.T) {
	recording := up(t, func(a *logging.Args) {
		a.S3 = &logging.S3{BucketName: pulumi.String("raw"), Region: "eu-central-1"}
		a.Firehose = &logging.Firehose{DeliveryStreamName: "direct", Region: "eu-central-1"}
		a.Monitoring = logging.Monitoring{ServiceMonitors: true, PrometheusRules: true}
	})
	for _, r := range recording.All() {
		if !strings.Contains(r.Type, apiVersion) {
			continue
		}
		assert.NotContains(t, r.Inputs, "status", r.Name)
		for _, path := range empty(r.Inputs, "") {
			// A selection of everything is the one thing that is meant to be empty.
			assert.Regexp(t, `^\.spec\.match\.\d+\.select$`, path, r.Name)
		}
	}
	assert.Equal(t, map[string]any{}, at(recording.Named(t, "eks-flow/everything"), "spec.match").([]any)[1].(map[string]any)["select"])
}

// empty are the paths of nulls, empty texts, empty lists and empty objects.
func empty(value any, path string) []string {
	var found []string
	switch value := value.(type) {
	case nil:
		return []string{path}
	case string:
		if value == "" {
			return []string{path}
		}
	case map[string]any:
		if len(value) == 0 {
			return []string{path}
		}
		for key, element := range value {
			found = append(found, empty(element, path+"."+key)...)
		}
	case []any:
		if len(value) == 0 {
			return []string{path}
		}
		for i, element := range value {
			found = append(found, empty(element, fmt.Sprintf("%s.%d", path, i))...)
		}
	}
	return found
}

// The buckets are made in the same update; the rest of what is registered is known.
func TestPreviewWithoutTheBuckets(t *testing.T) {
	args := minimal()
	recording, err := mocks.Preview(func(ctx *pulumi.Context) error {
		bucket, err := s3.NewBucketV2(ctx, "raw", nil)
		if err != nil {
			return err
		}
		args.Failed.BucketName = bucket.Bucket
		args.S3 = &logging.S3{BucketName: bucket.Bucket, Region: "eu-central-1"}
		_, err = logging.New(ctx, "eks", args)
		return err
	})
	require.NoError(t, err)
	var unknown []string
	for _, r := range recording.All() {
		if len(r.Unknown) > 0 {
			unknown = append(unknown, r.Name)
			assert.Equal(t, []string{"spec"}, r.Unknown, r.Name)
		}
	}
	slices.Sort(unknown)
	assert.Equal(t, []string{"eks-output/failed", "eks-output/s3"}, unknown)
}

func TestTheCallersArgsStayAsTheyAre(t *testing.T) {
	args := minimal()
	args.S3 = &logging.S3{BucketName: pulumi.String("raw"), Region: "eu-central-1"}
	args.Flows = []logging.Flow{{Name: "some", Namespaces: []string{"b", "a"}}}
	_, err := mocks.Up(program(args))
	require.NoError(t, err)
	assert.Empty(t, args.S3.Prefix)
	assert.Equal(t, []logging.Flow{{Name: "some", Namespaces: []string{"b", "a"}}}, args.Flows)
}
