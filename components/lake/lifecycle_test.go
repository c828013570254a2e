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
func TestNoRuleTouchesCurrentObjectsOfWarehouseArtifactsAndByDefaultRecords(t *testing.T) {
	recording := up(t, nil)
	for _, role := range []string{"warehouse", "artifacts", "raw"} {
		for id, rule := range rulesOf(t, recording, role) {
			if role == "raw" && id == "errors" {
				continue
			}
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
			assert.Equal(t, map[string]any{"prefix": "logs/"}, rule["filter"])
			assert.Equal(t, test.transitions, rule["transitions"])
			assert.Equal(t, test.expiration, rule["expiration"])
		})
	}
}

// Errors wait for a replay, however soon the records go and however cold they lie.
func TestErrorsInRawHaveARuleOfTheirOwn(t *testing.T) {
	for name, raw := range map[string]lake.RawLifecycle{
		"default":       {},
		"records go":    {InfrequentAccessDays: 30, ArchiveDays: 60, ExpiryDays: 90},
		"records start": {ArchiveDays: 1},
	} {
		t.Run(name, func(t *testing.T) {
			rules := rulesOf(t, up(t, func(a *lake.Args) { a.Raw = raw }), "raw")
			assert.Equal(t, map[string]any{
				"id": "errors", "status": "Enabled", "filter": map[string]any{"prefix": "errors/"},
				"expiration": map[string]any{"days": 365.0},
			}, rules["errors"])
		})
	}
}

func TestPrefixesOfRawMayBeGiven(t *testing.T) {
	rules := rulesOf(t, up(t, func(a *lake.Args) {
		a.Raw = lake.RawLifecycle{Prefix: "istio/logs/", ErrorPrefix: "istio/errors/", DirectPrefix: "direct/", ExpiryDays: 1}
	}), "raw")
	assert.Equal(t, map[string]any{"prefix": "istio/logs/"}, rules["current-objects"]["filter"])
	assert.Equal(t, map[string]any{"prefix": "direct/"}, rules["direct-objects"]["filter"])
	assert.Equal(t, rules["current-objects"]["expiration"], rules["direct-objects"]["expiration"])
	assert.Equal(t, map[string]any{"prefix": "istio/errors/"}, rules["errors"]["filter"])
}

// S3 refuses a rule that has both days and the marker, or none of a filter, and a configuration that has an id twice.
func TestRulesAreSuchAsS3Takes(t *testing.T) {
	recording := up(t, func(a *lake.Args) {
		a.Raw = lake.RawLifecycle{InfrequentAccessDays: 30, ArchiveDays: 90, ExpiryDays: 400}
	})
	for _, role := range allBuckets {
		ids := map[string]bool{}
		for _, value := range recording.Named(t, "lake-"+role+"-lifecycle").Get("rules").([]any) {
			rule := value.(map[string]any)
			id := rule["id"].(string)
			assert.False(t, ids[id], "%s %s is given twice", role, id)
			ids[id] = true
			filter, _ := rule["filter"].(map[string]any)
			assert.Len(t, filter, 1, "%s %s", role, id)
			assert.Contains(t, filter, "prefix", "%s %s", role, id)
			expiration, _ := rule["expiration"].(map[string]any)
			if _, marker := expiration["expiredObjectDeleteMarker"]; marker {
				assert.NotContains(t, expiration, "days", "%s %s", role, id)
			}
		}
	}
}

func TestCheckOfALifecycle(t *testing.T) {
	require.NoError(t, lake.RawLifecycle{}.Check(), "the zero value is the default")
	err := lake.RawLifecycle{InfrequentAccessDays: 29, ArchiveDays: -1, Prefix: "logs"}.Check()
	for _, want := range []string{"InfrequentAccessDays: 29; want 0", "ArchiveDays: -1", `Prefix: "logs"`} {
		assert.Regexp(t, "(?m)^"+want, err.Error())
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
		"expiry before":       {func(a *lake.Args) { a.Raw = lake.RawLifecycle{ArchiveDays: 90, ExpiryDays: 90} }, "want 0 (never) or at least 91"},
		"prefix no slash":     {func(a *lake.Args) { a.Raw.Prefix = "logs" }, `Raw.Prefix: "logs"; want path segments`},
		"error wildcard":      {func(a *lake.Args) { a.Raw.ErrorPrefix = "*/" }, "Raw.ErrorPrefix: "},
		"errors in records":   {func(a *lake.Args) { a.Raw.ErrorPrefix = "logs/errors/" }, "want neither within the other"},
		"records in errors":   {func(a *lake.Args) { a.Raw.Prefix = "errors/logs/" }, "want neither within the other"},
		"direct in records":   {func(a *lake.Args) { a.Raw.DirectPrefix = "logs/direct/" }, "Raw.DirectPrefix: "},
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
		_, err := create(args)
		if (err == nil) != (raw.Check() == nil) {
			t.Fatalf("Check and New differ on %+v: %v", raw, err)
		}
		if err != nil {
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

func TestLeastDaysAreTheLeast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := lake.RawLifecycle{
			InfrequentAccessDays: rapid.OneOf(rapid.Just(0), rapid.IntRange(lake.MinInfrequentAccessDays, 200)).Draw(t, "ia"),
		}
		accepted := func(want bool) {
			if err := raw.Check(); (err == nil) != want {
				t.Fatalf("%+v: %v", raw, err)
			}
		}
		if raw.InfrequentAccessDays > 0 {
			raw.ArchiveDays = raw.MinArchiveDays() - 1
			accepted(false)
		}
		raw.ArchiveDays = raw.MinArchiveDays()
		accepted(true)
		raw.ExpiryDays = raw.MinExpiryDays() - 1
		accepted(false)
		raw.ExpiryDays = raw.MinExpiryDays()
		accepted(true)
	})
}
