package lake_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/tests/mocks"
)

func rulesOf(t *testing.T, recording *mocks.Recording, role string) map[string]map[string]any {
	t.Helper()
	rules := map[string]map[string]any{}
	for _, rule := range recording.Named(t, "lake-"+role+"-lifecycle").Get("rules").([]any) {
		rules[rule.(map[string]any)["id"].(string)] = rule.(map[string]any)
	}
	return rules
}

func TestEveryBucketIsKeptTidy(t *testing.T) {
	recording := up(t, nil)
	for _, role := range allBuckets {
		rule := rulesOf(t, recording, role)["housekeeping"]
		assert.Equal(t, map[string]any{
			"id": "housekeeping", "status": "Enabled", "filter": map[string]any{"prefix": ""},
			"abortIncompleteMultipartUpload": map[string]any{"daysAfterInitiation": 7.0},
			"noncurrentVersionExpiration":    map[string]any{"noncurrentDays": 30.0},
			"expiration":                     map[string]any{"expiredObjectDeleteMarker": true},
		}, rule, role)
	}
}

// Iceberg alone knows which files its tables need; nobody knows when a script is not.
func TestNoRuleTouchesCurrentObjectsOfWarehouseArtifactsAndByDefaultRaw(t *testing.T) {
	recording := up(t, nil)
	for _, role := range []string{"warehouse", "artifacts", "raw"} {
		for id, rule := range rulesOf(t, recording, role) {
			assert.NotContains(t, rule, "transitions", "%s %s", role, id)
			expiration, _ := rule["expiration"].(map[string]any)
			assert.NotContains(t, expiration, "days", "%s %s", role, id)
		}
	}
}

func TestExpiryOfCurrentObjects(t *testing.T) {
	recording := up(t, nil)
	for role, days := range map[string]float64{"results": 30, "failed": 365, "access-logs": 365} {
		assert.Equal(t, map[string]any{"days": days}, rulesOf(t, recording, role)["current-objects"]["expiration"], role)
	}
}

func TestRawTiers(t *testing.T) {
	for name, test := range map[string]struct {
		raw         lake.RawLifecycle
		transitions any
		expiration  any
	}{
		"all": {
			lake.RawLifecycle{InfrequentAccessDays: 30, ArchiveDays: 90, ExpiryDays: 400},
			[]any{
				map[string]any{"days": 30.0, "storageClass": "STANDARD_IA"},
				map[string]any{"days": 90.0, "storageClass": "GLACIER_IR"},
			},
			map[string]any{"days": 400.0},
		},
		"archive only": {
			lake.RawLifecycle{ArchiveDays: 1},
			[]any{map[string]any{"days": 1.0, "storageClass": "GLACIER_IR"}},
			nil,
		},
		"expiry only": {lake.RawLifecycle{ExpiryDays: 1}, nil, map[string]any{"days": 1.0}},
	} {
		t.Run(name, func(t *testing.T) {
			rule := rulesOf(t, up(t, func(a *lake.Args) { a.Raw = test.raw }), "raw")["current-objects"]
			assert.Equal(t, test.transitions, rule["transitions"])
			assert.Equal(t, test.expiration, rule["expiration"])
		})
	}
}

func create(args *lake.Args) (*mocks.Recording, error) {
	return mocks.Up(func(ctx *pulumi.Context) error {
		_, err := lake.New(ctx, "lake", args)
		return err
	})
}

func TestFaults(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*lake.Args)
		want   string
	}{
		"no account":          {func(a *lake.Args) { a.AccountID = "" }, `AccountID: account id "": want 12 digits`},
		"no region":           {func(a *lake.Args) { a.Region = "" }, `Region: region ""`},
		"unknown region":      {func(a *lake.Args) { a.Region = "moon-1" }, `Region: region "moon-1"`},
		"early IA":            {func(a *lake.Args) { a.Raw.InfrequentAccessDays = 29 }, "Raw.InfrequentAccessDays: 29; want 0 (never) or at least 30"},
		"negative IA":         {func(a *lake.Args) { a.Raw.InfrequentAccessDays = -1 }, "Raw.InfrequentAccessDays: -1"},
		"negative archive":    {func(a *lake.Args) { a.Raw.ArchiveDays = -1 }, "Raw.ArchiveDays: -1"},
		"negative expiry":     {func(a *lake.Args) { a.Raw.ExpiryDays = -1 }, "Raw.ExpiryDays: -1"},
		"archive soon after":  {func(a *lake.Args) { a.Raw = lake.RawLifecycle{InfrequentAccessDays: 30, ArchiveDays: 59} }, "want 0 (never) or at least 60"},
		"expiry before":       {func(a *lake.Args) { a.Raw = lake.RawLifecycle{ArchiveDays: 90, ExpiryDays: 90} }, "want 0 (never) or more than 90"},
		"producer no account": {func(a *lake.Args) { a.Producers = lake.Producers{AccountIDs: []string{"x"}, StreamName: "s"} }, `Producers.AccountIDs: account id "x"`},
		"producer no stream":  {func(a *lake.Args) { a.Producers.AccountIDs = []string{"222222222222"} }, "Producers.StreamName: "},
		"contradiction":       {func(a *lake.Args) { a.ForceDestroy, a.Protect = true, true }, "ForceDestroy and Protect"},
	} {
		t.Run(name, func(t *testing.T) {
			args := minimal()
			test.change(args)
			recording, err := create(args)
			require.ErrorContains(t, err, test.want)
			require.ErrorContains(t, err, `lake "lake"`)
			assert.Empty(t, recording.All(), "nothing is registered when anything is wrong")
		})
	}
}

func TestNameThatAutoNamingMakesTooLongForABucket(t *testing.T) {
	_, err := mocks.Up(func(ctx *pulumi.Context) error {
		_, err := lake.New(ctx, "the-lake-of-all-the-logs-that-this-company-has", minimal())
		return err
	})
	require.ErrorContains(t, err, "name: resource name")
}

// Whatever is accepted is in the order that S3 demands.
func TestAcceptedTiersAreInOrder(t *testing.T) {
	days := rapid.OneOf(rapid.Just(0), rapid.IntRange(-5, 200))
	rapid.Check(t, func(t *rapid.T) {
		raw := lake.RawLifecycle{
			InfrequentAccessDays: days.Draw(t, "ia"), ArchiveDays: days.Draw(t, "archive"), ExpiryDays: days.Draw(t, "expiry"),
		}
		args := minimal()
		args.Raw = raw
		if _, err := create(args); err != nil {
			return
		}
		ia, archive, expiry := raw.InfrequentAccessDays, raw.ArchiveDays, raw.ExpiryDays
		ordered := ia >= 0 && archive >= 0 && expiry >= 0 && (ia == 0 || ia >= 30) &&
			(ia == 0 || archive == 0 || archive >= ia+30) && (expiry == 0 || expiry > max(ia, archive))
		if !ordered {
			t.Fatalf("accepted %+v", raw)
		}
	})
}
