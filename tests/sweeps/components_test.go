// Package sweeps holds tests over all components at once: what holds for one holds for each, and a new component or a new
// type of resource that no sweep knows fails.
package sweeps_test

import (
	"os"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/stream"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/tests/mocks"
)

// component is a component package as the sweeps see it.
type component struct {
	// typ is the component's type token.
	typ string
	// make makes it with everything on that makes more resources or more policies.
	make func(*pulumi.Context, string, ...pulumi.ResourceOption) error
	// makeNil makes it with nil args.
	makeNil func(*pulumi.Context, string) error
	// makeBad makes it with a fault in each of badFields, and in no other.
	makeBad   func(*pulumi.Context, string) error
	badFields []fault.Path
}

// swept is a component by its type token and its constructor, with good args and bad ones.
func swept[A, C any](
	typ string, construct func(*pulumi.Context, string, *A, ...pulumi.ResourceOption) (C, error), good, bad *A, badFields ...fault.Path,
) component {
	with := func(args *A) func(*pulumi.Context, string, ...pulumi.ResourceOption) error {
		return func(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) error {
			_, err := construct(ctx, name, args, opts...)
			return err
		}
	}
	alone := func(args *A) func(*pulumi.Context, string) error {
		return func(ctx *pulumi.Context, name string) error { return with(args)(ctx, name) }
	}
	return component{typ: typ, make: with(good), makeNil: alone(nil), makeBad: alone(bad), badFields: badFields}
}

// components are all of them, by the folder of their package; where it has several, a slash and which one follow.
var components = map[string]component{
	"access/pod-identity": podIdentity,
	"access/writer":       writerRole,
	"access/reader":       readerRole,
	"logging":             clusterLogging,
	"warehouse":           metricsWarehouse,
	"metrics/streaming":   streamingJob,
	"metrics/batch":       exactBatch,
	"query":               metricQueries,
	"dashboard":           metricsDashboard,
	"search":              searchDomain,
	"delivery/s3":         deliveryToS3,
	"delivery/writer":     documentWriter,
	"delivery/search":     deliveryToSearch,
	"lake": swept(lake.Type, lake.New,
		&lake.Args{
			AccountID: mocks.AccountID, Region: mocks.Region,
			Raw:       lake.RawLifecycle{InfrequentAccessDays: 30, ArchiveDays: 90, ExpiryDays: 400},
			Producers: lake.Producers{AccountIDs: []string{"222222222222"}, StreamName: "logs"},
		},
		&lake.Args{
			AccountID: "1", Region: "moon-1", KeyAlias: "aws/a",
			Raw: lake.RawLifecycle{
				InfrequentAccessDays: 1, ArchiveDays: -1, ExpiryDays: -1, Prefix: "logs", ErrorPrefix: "*/",
			},
			Producers:    lake.Producers{AccountIDs: []string{"2"}},
			ForceDestroy: true, Protect: true,
		},
		"AccountID", "Region", "KeyAlias", "Raw.InfrequentAccessDays", "Raw.ArchiveDays", "Raw.ExpiryDays",
		"Raw.Prefix", "Raw.ErrorPrefix", "Producers.AccountIDs", "Producers.StreamName", "ForceDestroy",
	),
	"stream": swept(stream.Type, stream.New,
		&stream.Args{StreamName: "logs", KeyARN: pulumi.String(keyARN).ToStringOutput(), Consumers: []string{"metrics", "audit"}},
		&stream.Args{
			StreamName: "a b", Mode: stream.Provisioned, RetentionHours: 1,
			ShardLevelMetrics: []string{"ALL"}, Consumers: []string{"a b"},
		},
		"StreamName", "KeyARN", "ShardCount", "RetentionHours", "ShardLevelMetrics", "Consumers",
	),
}

const keyARN = "arn:aws:kms:eu-central-1:111111111111:key/k"

// together makes all of them as the pipeline does, each fed with what the others put out.
func together(ctx *pulumi.Context) error {
	l, err := lake.New(ctx, "lake", &lake.Args{
		AccountID: mocks.AccountID, Region: mocks.Region, Raw: lake.RawLifecycle{ExpiryDays: 365},
	})
	if err != nil {
		return err
	}
	s, err := stream.New(ctx, "ingest", &stream.Args{StreamName: "logs", KeyARN: l.KeyARN, Consumers: []string{"metrics"}})
	if err != nil {
		return err
	}
	if err := deliveryTogether(ctx, l, s); err != nil {
		return err
	}
	w, err := warehouseTogether(ctx, l)
	if err != nil {
		return err
	}
	if err := metricsTogether(ctx, l, s, w); err != nil {
		return err
	}
	if err := reportsTogether(ctx, l, w); err != nil {
		return err
	}
	return accessTogether(ctx, l, s)
}

// each runs a test over every component, made alone.
func each(t *testing.T, test func(*testing.T, component, *mocks.Recording)) {
	t.Helper()
	for name, c := range components {
		t.Run(name, func(t *testing.T) {
			recording, err := mocks.Up(func(ctx *pulumi.Context) error { return c.make(ctx, "it") })
			require.NoError(t, err)
			test(t, c, recording)
		})
	}
}

// folderOf is the folder of a component's package.
func folderOf(name string) string {
	folder, _, _ := strings.Cut(name, "/")
	return folder
}

func TestEveryComponentIsSwept(t *testing.T) {
	swept := map[string]bool{}
	for name := range components {
		swept[folderOf(name)] = true
	}
	folders, err := os.ReadDir("../../components")
	require.NoError(t, err)
	for _, folder := range folders {
		if folder.IsDir() && folder.Name() != "internal" {
			assert.True(t, swept[folder.Name()], "add components/%s to the sweeps", folder.Name())
		}
	}
}
