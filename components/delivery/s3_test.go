package delivery_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"example.com/log-pipeline/components/delivery"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/tests/mocks"
)

const (
	keyARN    = "arn:aws:kms:eu-central-1:111111111111:key/k"
	streamARN = "arn:aws:kinesis:eu-central-1:111111111111:stream/logs"
)

func minimal() *delivery.S3Args {
	return &delivery.S3Args{
		AccountID:   mocks.AccountID,
		Region:      mocks.Region,
		Source:      delivery.Source{StreamARN: pulumi.String(streamARN)},
		Destination: delivery.Destination{BucketName: pulumi.String("raw-0a1b2c3"), KeyARN: pulumi.String(keyARN)},
	}
}

func create(args *delivery.S3Args) (*mocks.Recording, error) {
	return mocks.Up(func(ctx *pulumi.Context) error {
		_, err := delivery.NewS3(ctx, "delivery", args)
		return err
	})
}

func up(t *testing.T, change func(*delivery.S3Args)) *mocks.Recording {
	t.Helper()
	args := minimal()
	if change != nil {
		change(args)
	}
	recording, err := create(args)
	require.NoError(t, err)
	return recording
}

func TestDeliveryStreamDefaults(t *testing.T) {
	recording := up(t, nil)
	stream := recording.Named(t, "delivery-to-s3")
	role := "arn:aws:iam::111111111111:role/delivery-role-0a1b2c3"
	assert.NotContains(t, stream.Inputs, "name", "the name is generated")
	assert.Equal(t, "extended_s3", stream.Get("destination"))
	assert.Equal(t, map[string]any{"kinesisStreamArn": streamARN, "roleArn": role}, stream.Get("kinesisSourceConfiguration"))
	assert.Equal(t, map[string]any{
		"roleArn":           role,
		"bucketArn":         "arn:aws:s3:::raw-0a1b2c3",
		"prefix":            "logs/dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/",
		"errorOutputPrefix": "errors/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/",
		"bufferingSize":     128.0,
		"bufferingInterval": 300.0,
		"compressionFormat": "GZIP",
		"fileExtension":     ".json.gz",
		"kmsKeyArn":         keyARN,
		"customTimeZone":    "UTC",
		"s3BackupMode":      "Disabled",
		"cloudwatchLoggingOptions": map[string]any{
			"enabled": true, "logGroupName": "delivery-errors-0a1b2c3", "logStreamName": "DestinationDelivery",
		},
	}, stream.Get("extendedS3Configuration"))
}

// Server-side encryption of a delivery stream is for direct puts only (facts 5).
func TestDeliveryStreamHasNoEncryptionOfItsOwn(t *testing.T) {
	assert.NotContains(t, up(t, nil).Named(t, "delivery-to-s3").Inputs, "serverSideEncryption")
}

// Firehose tries its role out when it is created (gh:hashicorp/terraform-provider-aws#47937, #4513).
func TestDeliveryStreamWaitsForItsRoleAndTheRolesPolicy(t *testing.T) {
	recording := up(t, nil)
	stream := recording.Named(t, "delivery-to-s3")
	assert.True(t, stream.DependsOn(recording.Named(t, "delivery-role")))
	assert.True(t, stream.DependsOn(recording.Named(t, "delivery-role-policy")))
}

// Parameters equal to their defaults differ for ever (gh:hashicorp/terraform-provider-aws#33014).
func TestDelimiterOnlyWhereAskedForAndWithOneParameter(t *testing.T) {
	assert.Nil(t, up(t, nil).Named(t, "delivery-to-s3").Get("extendedS3Configuration", "processingConfiguration"))
	stream := up(t, func(a *delivery.S3Args) { a.AppendDelimiter = true }).Named(t, "delivery-to-s3")
	assert.Equal(t, map[string]any{
		"enabled": true,
		"processors": []any{map[string]any{
			"type":       "AppendDelimiterToRecord",
			"parameters": []any{map[string]any{"parameterName": "Delimiter", "parameterValue": `\n`}},
		}},
	}, stream.Get("extendedS3Configuration", "processingConfiguration"))
}

func TestBufferMayBeZeroSeconds(t *testing.T) {
	buffer := &delivery.Buffer{SizeMiB: 1}
	stream := up(t, func(a *delivery.S3Args) { a.Buffer = buffer }).Named(t, "delivery-to-s3")
	assert.EqualValues(t, 0, stream.Get("extendedS3Configuration", "bufferingInterval"))
	assert.EqualValues(t, 1, stream.Get("extendedS3Configuration", "bufferingSize"))
}

func TestErrorLog(t *testing.T) {
	recording := up(t, nil)
	group := recording.Named(t, "delivery-errors")
	assert.EqualValues(t, 365, group.Get("retentionInDays"))
	assert.Equal(t, "delivery-errors-0a1b2c3", recording.Named(t, "delivery-errors-s3").Get("logGroupName"))
}

// CloudWatch Logs refuses a log group with a key whose policy does not name the service: most keys' do not.
func TestErrorLogHasTheKeyThatIsMeantForIt(t *testing.T) {
	assert.NotContains(t, up(t, nil).Named(t, "delivery-errors").Inputs, "kmsKeyId", "not the objects' key")
	const logKeyARN = "arn:aws:kms:eu-central-1:111111111111:key/of-the-log"
	recording := up(t, func(a *delivery.S3Args) { a.LogKeyARN = pulumi.String(logKeyARN) })
	assert.Equal(t, logKeyARN, recording.Named(t, "delivery-errors").Get("kmsKeyId"))
	assert.Equal(t, keyARN, recording.Named(t, "delivery-to-s3").Get("extendedS3Configuration", "kmsKeyArn"))
}

func TestRolePolicies(t *testing.T) {
	recording := up(t, nil)
	mocks.Golden(t, "trust-policy.json", recording.Named(t, "delivery-role").Get("assumeRolePolicy").(string))
	mocks.Golden(t, "role-policy.json", recording.Named(t, "delivery-role-policy").Get("policy").(string))
}

func TestRoleFollowsPrefixesPartitionAndTheStreamsOwnKey(t *testing.T) {
	policy := up(t, func(a *delivery.S3Args) {
		a.Region = "us-gov-west-1"
		a.Source.KeyARN = pulumi.String("arn:aws-us-gov:kms:us-gov-west-1:111111111111:key/of-the-stream")
		a.Destination.Prefix, a.Destination.ErrorPrefix = "istio/logs/", "istio/errors/"
	}).Named(t, "delivery-role-policy").Policy(t, "policy")
	objects := []string{"arn:aws-us-gov:s3:::raw-0a1b2c3/istio/logs/*", "arn:aws-us-gov:s3:::raw-0a1b2c3/istio/errors/*"}
	assert.Equal(t, objects, policy.Named(t, "WriteObjects").Resource)
	assert.Equal(t, []string{"arn:aws-us-gov:kms:us-gov-west-1:111111111111:key/of-the-stream"}, policy.Named(t, "DecryptStream").Resource)
	assert.Equal(t, []string{keyARN}, policy.Named(t, "EncryptObjects").Resource)
	assert.Equal(t, []string{"kinesis.us-gov-west-1.amazonaws.com"},
		policy.Named(t, "DecryptStream").Condition["StringEquals"]["kms:ViaService"])
}

func TestProtect(t *testing.T) {
	recording := up(t, func(a *delivery.S3Args) { a.Protect = true })
	for _, name := range []string{"delivery-to-s3", "delivery-database", "delivery-table"} {
		assert.True(t, recording.Named(t, name).Protect, name)
		assert.True(t, recording.Named(t, name).RetainOnDelete, name)
	}
	assert.False(t, up(t, nil).Named(t, "delivery-to-s3").Protect)
}

// A delivery stream without its role delivers nothing, and one without its log says nothing about it.
func TestRetainedDeliveryStreamKeepsWhatItNeeds(t *testing.T) {
	needed := []string{"delivery-role", "delivery-role-policy", "delivery-errors", "delivery-errors-s3"}
	recording := up(t, func(a *delivery.S3Args) { a.Protect = true })
	for _, name := range needed {
		assert.True(t, recording.Named(t, name).RetainOnDelete, name)
	}
	recording = up(t, nil)
	for _, name := range needed {
		assert.False(t, recording.Named(t, name).RetainOnDelete, name)
	}
}

func TestFaults(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*delivery.S3Args)
		want   string
	}{
		"no account":        {func(a *delivery.S3Args) { a.AccountID = "" }, "AccountID: not set, but required"},
		"no region":         {func(a *delivery.S3Args) { a.Region = "" }, "Region: not set, but required"},
		"no stream":         {func(a *delivery.S3Args) { a.Source.StreamARN = nil }, "Source.StreamARN: not set"},
		"no bucket":         {func(a *delivery.S3Args) { a.Destination.BucketName = nil }, "Destination.BucketName: not set"},
		"no key":            {func(a *delivery.S3Args) { a.Destination.KeyARN = nil }, "Destination.KeyARN: not set"},
		"buffer of nothing": {func(a *delivery.S3Args) { a.Buffer = &delivery.Buffer{} }, `Buffer.SizeMiB: out of range (given: "0"); allowed: an integer from 1 to 128`},
		"buffer too large":  {func(a *delivery.S3Args) { a.Buffer = &delivery.Buffer{SizeMiB: 129} }, `Buffer.SizeMiB: out of range (given: "129"); allowed: an integer from 1 to 128`},
		"buffer too long": {
			func(a *delivery.S3Args) { a.Buffer = &delivery.Buffer{SizeMiB: 1, IntervalSeconds: 901} },
			`Buffer.IntervalSeconds: out of range (given: "901"); allowed: an integer from 0 to 900`,
		},
		"prefix without slash":    {func(a *delivery.S3Args) { a.Destination.Prefix = "logs" }, `Destination.Prefix: not allowed (given: "logs"); allowed: path segments`},
		"prefix with expression":  {func(a *delivery.S3Args) { a.Destination.Prefix = "!{timestamp:yyyy}/" }, "Destination.Prefix: "},
		"prefix with wildcard":    {func(a *delivery.S3Args) { a.Destination.ErrorPrefix = "*/" }, "Destination.ErrorPrefix: "},
		"hidden prefix":           {func(a *delivery.S3Args) { a.Destination.Prefix = "_logs/" }, "Destination.Prefix: "},
		"prefix too long":         {func(a *delivery.S3Args) { a.Destination.Prefix = strings.Repeat("a", 400) + "/" }, "Destination.Prefix: "},
		"errors within the table": {func(a *delivery.S3Args) { a.Destination.ErrorPrefix = "logs/errors/" }, `Destination.ErrorPrefix: overlaps Destination.Prefix "logs/" (given: "logs/errors/")`},
		"table within the errors": {func(a *delivery.S3Args) { a.Destination.ErrorPrefix = "l/"; a.Destination.Prefix = "l/x/" }, `Destination.ErrorPrefix: overlaps Destination.Prefix "l/x/" (given: "l/")`},
		"log retention":           {func(a *delivery.S3Args) { a.LogRetentionDays = 364 }, `LogRetentionDays: not allowed (given: "364"); allowed: one of 1, 3, 5`},
		"table name":              {func(a *delivery.S3Args) { a.Table.TableName = "raw-logs" }, `Table.TableName: not allowed (given: "raw-logs"); allowed: 1 to 255 lower-case letters`},
		"no columns":              {func(a *delivery.S3Args) { a.Table.Columns = []delivery.Column{} }, "Table.Columns: empty"},
		"negative expiry":         {func(a *delivery.S3Args) { a.Table.ObjectExpiryDays = -1 }, `Table.ObjectExpiryDays: not allowed (given: "-1"); allowed: 0 (never) or more`},
		"column name":             {func(a *delivery.S3Args) { a.Table.Columns = []delivery.Column{{Name: "A", Type: "string"}} }, `Table.Columns[0].Name: not allowed (given: "A")`},
		"column type":             {func(a *delivery.S3Args) { a.Table.Columns = []delivery.Column{{Name: "a"}} }, "Table.Columns[0].Type: not set, but required; allowed: a Hive type"},
		"partition column":        {func(a *delivery.S3Args) { a.Table.Columns = []delivery.Column{{Name: "dt", Type: "string"}} }, `Table.Columns[0].Name: given twice, or a partition (given: "dt")`},
		"database name":           {func(a *delivery.S3Args) { a.Table.NewDatabaseName = "my-logs" }, `Table.NewDatabaseName: not allowed (given: "my-logs")`},
		"two databases": {
			func(a *delivery.S3Args) {
				a.Table.DatabaseName, a.Table.NewDatabaseName = pulumi.String("a"), "b"
			},
			"Table.NewDatabaseName: no database is made, as Table.DatabaseName is set",
		},
		"column twice": {
			func(a *delivery.S3Args) {
				a.Table.Columns = []delivery.Column{{Name: "a", Type: "string"}, {Name: "a", Type: "int"}}
			},
			"Table.Columns[1].Name: given twice",
		},
	} {
		t.Run(name, func(t *testing.T) {
			args := minimal()
			test.change(args)
			recording, err := create(args)
			require.ErrorContains(t, err, `delivery to S3 "delivery": `+test.want)
			var faults fault.List
			require.ErrorAs(t, err, &faults)
			assert.Len(t, faults, 1)
			assert.Empty(t, recording.All(), "nothing is registered when anything is wrong")
		})
	}
}

// Prefixes become resources of a policy and the location of a table.
func TestAcceptedPrefixesAreApartAndPlain(t *testing.T) {
	segment := rapid.StringMatching(`[a-b!{}*?$_./=-]{0,3}/?`)
	rapid.Check(t, func(t *rapid.T) {
		args := minimal()
		args.Destination.Prefix, args.Destination.ErrorPrefix = segment.Draw(t, "prefix"), segment.Draw(t, "errors")
		if _, err := create(args); err != nil {
			return
		}
		for _, p := range []string{args.Destination.Prefix, args.Destination.ErrorPrefix} {
			if strings.ContainsAny(p, "*?!{}$") || strings.HasPrefix(p, "/") || strings.Contains(p, "//") ||
				(p != "" && !strings.HasSuffix(p, "/")) {
				t.Fatalf("accepted %q", p)
			}
		}
		a, b := args.Destination.Prefix, args.Destination.ErrorPrefix
		if a != "" && b != "" && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a)) {
			t.Fatalf("accepted %q and %q", a, b)
		}
	})
}
