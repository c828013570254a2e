package sweeps_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/tests/mocks"
)

func TestNilArgsAreAnErrorAndNoPanic(t *testing.T) {
	for name, c := range components {
		t.Run(name, func(t *testing.T) {
			recording, err := mocks.Up(func(ctx *pulumi.Context) error { return c.makeNil(ctx, "it") })
			require.ErrorContains(t, err, `"it"`)
			assert.Empty(t, recording.All())
		})
	}
}

func TestAllFaultsAreReportedAtOnceAndNothingIsRegistered(t *testing.T) {
	for name, c := range components {
		t.Run(name, func(t *testing.T) {
			recording, err := mocks.Up(func(ctx *pulumi.Context) error { return c.makeBad(ctx, "it") })
			var faults fault.List
			require.ErrorAs(t, err, &faults)
			var fields []fault.Path
			for _, f := range faults {
				fields = append(fields, f.Path)
				assert.NotEmpty(t, f.Problem.String(), "%s: say what is wrong", f.Path)
			}
			assert.ElementsMatch(t, c.badFields, fields)
			assert.Empty(t, recording.All())
		})
	}
}

func TestTypeTokensHaveThreeSegments(t *testing.T) {
	for name, c := range components {
		segments := strings.Split(c.typ, ":")
		require.Len(t, segments, 3, name)
		assert.Equal(t, []string{"log-pipeline", folderOf(name)}, segments[:2])
	}
}

func TestEveryResourceIsAChildOfItsComponent(t *testing.T) {
	each(t, func(t *testing.T, c component, recording *mocks.Recording) {
		parents := recording.OfType(c.typ)
		require.Len(t, parents, 1)
		for _, r := range recording.All() {
			if r.Type == c.typ {
				continue
			}
			assert.Equal(t, parents[0].URN, r.Parent, r.Name)
			assert.True(t, strings.HasPrefix(r.Name, "it-"), "%s: logical names begin with the component's", r.Name)
			assert.False(t, r.Protect || r.RetainOnDelete && !isCode(r), "%s: nothing is protected unless it is asked for", r.Name)
		}
	})
}

// isCode says whether a resource is an object that is named by its content: what runs with it outlasts the next.
func isCode(r mocks.Resource) bool {
	key, _ := r.Get("key").(string)
	return r.Type == "aws:s3/bucketObjectv2:BucketObjectv2" && codeKey.MatchString(key)
}

var codeKey = regexp.MustCompile(`^metrics/(batch/)?[0-9a-f]{16}/`)

// Another provider would be another account.
func TestEveryResourceUsesTheComponentsProvider(t *testing.T) {
	for name, c := range components {
		t.Run(name, func(t *testing.T) {
			recording, err := mocks.Up(func(ctx *pulumi.Context) error {
				account, err := aws.NewProvider(ctx, "data-account", nil)
				if err != nil {
					return err
				}
				cluster, err := kubernetes.NewProvider(ctx, "cluster", nil)
				if err != nil {
					return err
				}
				return c.make(ctx, "it", pulumi.Providers(account, cluster))
			})
			require.NoError(t, err)
			providers := map[string]mocks.Resource{
				"aws": recording.Named(t, "data-account"), "kubernetes": recording.Named(t, "cluster"),
			}
			for _, r := range recording.All() {
				kind, _, _ := strings.Cut(r.Type, ":")
				if r.Custom && kind != "pulumi" {
					assert.Contains(t, r.Provider, providers[kind].URN+"::", r.Name)
				}
			}
		})
	}
}

// The caller's options are the component's alone.
func TestOptionsOfTheCallerDoNotReachTheChildren(t *testing.T) {
	for name, c := range components {
		t.Run(name, func(t *testing.T) {
			recording, err := mocks.Up(func(ctx *pulumi.Context) error {
				return c.make(ctx, "it", pulumi.IgnoreChanges([]string{"name"}))
			})
			require.NoError(t, err)
			for _, r := range recording.All() {
				if r.Type != c.typ {
					assert.NotContains(t, r.IgnoreChanges, "name", r.Name)
				}
			}
		})
	}
}

// Mocks accept duplicates; the engine does not.
func TestURNsAreUniqueAlsoWithTwoOfEach(t *testing.T) {
	recording, err := mocks.Up(func(ctx *pulumi.Context) error {
		for _, c := range components {
			for _, name := range []string{"one", "two"} {
				if err := c.make(ctx, name); err != nil {
					return err
				}
			}
		}
		return nil
	})
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, r := range recording.All() {
		assert.False(t, seen[r.URN], "%s is registered twice", r.URN)
		seen[r.URN] = true
	}
}

// Tags are the provider's default tags: set on a resource as well they would differ for ever in some services.
func TestNoResourceSetsTags(t *testing.T) {
	each(t, func(t *testing.T, _ component, recording *mocks.Recording) {
		for _, r := range recording.All() {
			assert.NotContains(t, r.Inputs, "tags", r.Name)
		}
	})
}

// The first preview: nothing that a provider computes is known.
func TestPreviewWithUnknownOutputs(t *testing.T) {
	recording, err := mocks.Preview(together)
	require.NoError(t, err)
	again, err := mocks.Up(together)
	require.NoError(t, err)
	assert.ElementsMatch(t, urns(again), urns(recording), "preview and update register the same")

	// Policies with unknown parts are unknown, and no error.
	for _, name := range []string{
		"delivery-role-policy", "lake-raw-policy", "lake-access-logs-policy", "metrics-optimizer-role-policy", "streaming-role-policy",
		"streaming-schedule-role-policy", "writer-role-policy", "reader-role-policy", "search-function-role-policy", "search-delivery-role-policy",
	} {
		assert.Contains(t, recording.Named(t, name).Unknown, "policy", name)
		assert.NotContains(t, again.Named(t, name).Unknown, "policy", name)
	}
	// Those without are known already.
	assert.NotContains(t, recording.Named(t, "lake-key").Unknown, "policy")
	for _, name := range []string{"delivery-role", "metrics-optimizer-role", "streaming-role", "fluentd-role", "writer-role", "reader-role", "search-writer-role", "search-function-role"} {
		assert.NotContains(t, recording.Named(t, name).Unknown, "assumeRolePolicy", name)
	}
}

func urns(recording *mocks.Recording) []string {
	var urns []string
	for _, r := range recording.All() {
		urns = append(urns, r.URN)
	}
	slices.Sort(urns)
	return urns
}
