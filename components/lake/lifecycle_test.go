package lake_test

import (
	"fmt"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/internal/fault"
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

// A configuration is checked by the values of nil Args too.
func TestCheckOfNilArgs(t *testing.T) {
	var args *lake.Args
	assert.EqualError(t, args.Check("lake"), "AccountID: not set, but required; allowed: 12 digits, quoted\n"+
		"Region: not set, but required; allowed: an AWS region such as eu-west-1")
}

func TestRulesOfDays(t *testing.T) {
	for name, test := range map[string]struct {
		rule      fault.Rule[int]
		good, bad []int
		allowed   string
	}{
		"infrequent access": {lake.InfrequentAccessDays, []int{0, 30, 36_500}, []int{-1, 1, 29, 36_501}, "0 (never) or an integer from 30 to 36500"},
		"archive":           {lake.ArchiveDays, []int{0, 1, 36_500}, []int{-1, 36_501}, "0 (never) or an integer up to 36500, at least 30 above the move to STANDARD_IA"},
		"expiry":            {lake.ExpiryDays, []int{0, 1, 36_500}, []int{-1, 36_501}, "0 (never) or an integer up to 36500, above the last tier's"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, days := range test.good {
				assert.Empty(t, test.rule.Check("days", days), days)
			}
			for _, days := range test.bad {
				assert.EqualError(t, test.rule.Check("days", days), fmt.Sprintf("days: out of range (given: \"%d\"); allowed: %s", days, test.allowed))
			}
		})
	}
}

func TestChecksOfDaysNameWhatTheyRead(t *testing.T) {
	args := minimal()
	args.Raw = lake.RawLifecycle{InfrequentAccessDays: 30, ArchiveDays: 59, ExpiryDays: 59}
	faults := args.Check("lake")
	require.EqualError(t, faults, "Raw.ArchiveDays: too early: objects stay in STANDARD_IA for 30 days and arrive there after 30, so 60 is the least "+
		`(given: "59"); allowed: `+lake.ArchiveDays.Allowed+"\n"+
		`Raw.ExpiryDays: too early: the last tier is reached after 59 days, so 60 is the least (given: "59"); allowed: `+lake.ExpiryDays.Allowed)
	assert.Equal(t, []fault.Path{"Raw.InfrequentAccessDays"}, faults[0].Reads)
	assert.Equal(t, []fault.Path{"Raw.InfrequentAccessDays", "Raw.ArchiveDays"}, faults[1].Reads)
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
		"no account":           {func(a *lake.Args) { a.AccountID = "" }, "AccountID: not set, but required; allowed: 12 digits"},
		"short account":        {func(a *lake.Args) { a.AccountID = "x" }, `AccountID: not allowed (given: "x"); allowed: 12 digits`},
		"no region":            {func(a *lake.Args) { a.Region = "" }, `Region: not set, but required`},
		"unknown region":       {func(a *lake.Args) { a.Region = "moon-1" }, `Region: not a region that `},
		"early IA":             {func(a *lake.Args) { a.Raw.InfrequentAccessDays = 29 }, `Raw.InfrequentAccessDays: out of range (given: "29"); allowed: 0 (never) or an integer from 30 to 36500`},
		"negative IA":          {func(a *lake.Args) { a.Raw.InfrequentAccessDays = -1 }, `Raw.InfrequentAccessDays: out of range (given: "-1")`},
		"negative archive":     {func(a *lake.Args) { a.Raw.ArchiveDays = -1 }, `Raw.ArchiveDays: out of range (given: "-1")`},
		"negative expiry":      {func(a *lake.Args) { a.Raw.ExpiryDays = -1 }, `Raw.ExpiryDays: out of range (given: "-1")`},
		"late expiry":          {func(a *lake.Args) { a.Raw.ExpiryDays = 36_501 }, `Raw.ExpiryDays: out of range (given: "36501")`},
		"archive soon after":   {func(a *lake.Args) { a.Raw = lake.RawLifecycle{InfrequentAccessDays: 30, ArchiveDays: 59} }, "Raw.ArchiveDays: too early: objects stay in STANDARD_IA for 30 days and arrive there after 30, so 60 is the least"},
		"archive after a slip": {func(a *lake.Args) { a.Raw = lake.RawLifecycle{InfrequentAccessDays: 29, ArchiveDays: 30} }, "Raw.InfrequentAccessDays: out of range"},
		"expiry before":        {func(a *lake.Args) { a.Raw = lake.RawLifecycle{ArchiveDays: 90, ExpiryDays: 90} }, "Raw.ExpiryDays: too early: the last tier is reached after 90 days, so 91 is the least"},
		"prefix no slash":      {func(a *lake.Args) { a.Raw.Prefix = "logs" }, `Raw.Prefix: not allowed (given: "logs"); allowed: path segments`},
		"error wildcard":       {func(a *lake.Args) { a.Raw.ErrorPrefix = "*/" }, "Raw.ErrorPrefix: "},
		"errors in records":    {func(a *lake.Args) { a.Raw.ErrorPrefix = "logs/errors/" }, `Raw.ErrorPrefix: overlaps Raw.Prefix "logs/"`},
		"records in errors":    {func(a *lake.Args) { a.Raw.Prefix = "errors/logs/" }, `Raw.ErrorPrefix: overlaps Raw.Prefix "errors/logs/"`},
		"direct in records":    {func(a *lake.Args) { a.Raw.DirectPrefix = "logs/direct/" }, "Raw.DirectPrefix: overlaps"},
		"alias":                {func(a *lake.Args) { a.KeyAlias = "aws/logs" }, `KeyAlias: not allowed (given: "aws/logs"); allowed: 1 to 250 letters`},
		"producer no account": {func(a *lake.Args) {
			a.Producers = lake.Producers{AccountIDs: []string{"333333333333", "x"}, StreamName: "s"}
		}, `Producers.AccountIDs: "x": not allowed; allowed: 12 digits`},
		"producer no stream": {func(a *lake.Args) { a.Producers.AccountIDs = []string{"222222222222"} }, "Producers.StreamName: not set"},
		"contradiction":      {func(a *lake.Args) { a.ForceDestroy, a.Protect = true, true }, "ForceDestroy: contradicts Protect"},
	} {
		t.Run(name, func(t *testing.T) {
			args := minimal()
			test.change(args)
			recording, err := create(args)
			require.ErrorContains(t, err, `lake "lake": `+test.want)
			var faults fault.List
			require.ErrorAs(t, err, &faults)
			assert.Len(t, faults, 1)
			assert.Empty(t, recording.All(), "nothing is registered when anything is wrong")
		})
	}
}

func TestNameThatAutoNamingMakesTooLongForABucket(t *testing.T) {
	_, err := mocks.Up(func(ctx *pulumi.Context) error {
		_, err := lake.New(ctx, "the-lake-of-all-the-logs-that-this-company-has", minimal())
		return err
	})
	require.ErrorContains(t, err, `name: makes the name "the-lake-of-all-the-logs-that-this-company-has-access-logs-0a1b2c3"`)
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
		if args.Check("lake") != nil {
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
		args := minimal()
		args.Raw.InfrequentAccessDays = rapid.OneOf(rapid.Just(0), rapid.IntRange(30, 200)).Draw(t, "ia")
		accepted := func(want bool) {
			if faults := args.Check("lake"); (len(faults) == 0) != want {
				t.Fatalf("%+v: %v", args.Raw, faults)
			}
		}
		args.Raw.ArchiveDays = 1
		if ia := args.Raw.InfrequentAccessDays; ia > 0 {
			args.Raw.ArchiveDays = ia + 29
			accepted(false)
			args.Raw.ArchiveDays = ia + 30
		}
		accepted(true)
		args.Raw.ExpiryDays = args.Raw.ArchiveDays
		accepted(false)
		args.Raw.ExpiryDays++
		accepted(true)
	})
}
