package delivery_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/delivery"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/tests/mocks"
)

const (
	domainARN     = "arn:aws:es:eu-central-1:111111111111:domain/search"
	writerRoleARN = "arn:aws:iam::111111111111:role/writer-role-0a1b2c3"
)

func minimalSearch() *delivery.SearchArgs {
	return &delivery.SearchArgs{
		AccountID: mocks.AccountID,
		Region:    mocks.Region,
		Source:    delivery.Source{StreamARN: pulumi.String(streamARN)},
		Role:      delivery.SearchRole{Name: pulumi.String("writer-role-0a1b2c3"), ARN: pulumi.String(writerRoleARN)},
		DomainARN: pulumi.String(domainARN),
		Backup:    delivery.Backup{BucketName: pulumi.String("failed-0a1b2c3"), KeyARN: pulumi.String(keyARN)},
	}
}

func inVPC(a *delivery.SearchArgs) {
	a.Network = &delivery.Network{
		SubnetIDs:        []string{"subnet-0a1b2c3d4e5f60718", "subnet-0b1b2c3d4e5f60718"},
		SecurityGroupIDs: []string{"sg-0a1b2c3d4e5f60718"},
	}
}

func createSearch(args *delivery.SearchArgs) (*mocks.Recording, error) {
	return mocks.Up(func(ctx *pulumi.Context) error {
		_, err := delivery.NewSearch(ctx, "search", args)
		return err
	})
}

func upSearch(t *testing.T, change func(*delivery.SearchArgs)) *mocks.Recording {
	t.Helper()
	args := minimalSearch()
	if change != nil {
		change(args)
	}
	recording, err := createSearch(args)
	require.NoError(t, err)
	return recording
}

func TestSearchDeliveryStreamDefaults(t *testing.T) {
	stream := upSearch(t, nil).Named(t, "search-to-opensearch")
	assert.NotContains(t, stream.Inputs, "name", "the name is generated")
	assert.Equal(t, "opensearch", stream.Get("destination"))
	assert.Equal(t, map[string]any{"kinesisStreamArn": streamARN, "roleArn": writerRoleARN}, stream.Get("kinesisSourceConfiguration"))
	logged := func(stream string) map[string]any {
		return map[string]any{"enabled": true, "logGroupName": "search-errors-0a1b2c3", "logStreamName": stream}
	}
	// What OpenSearch and Firehose do not use is left out, or it would be a difference for ever.
	assert.Equal(t, map[string]any{
		"roleArn":                  writerRoleARN,
		"domainArn":                domainARN,
		"indexName":                "logs",
		"indexRotationPeriod":      "OneDay",
		"bufferingSize":            5.0,
		"bufferingInterval":        60.0,
		"retryDuration":            300.0,
		"documentIdOptions":        map[string]any{"defaultDocumentIdFormat": "FIREHOSE_DEFAULT"},
		"s3BackupMode":             "FailedDocumentsOnly",
		"cloudwatchLoggingOptions": logged("DestinationDelivery"),
		"s3Configuration": map[string]any{
			"roleArn":                  writerRoleARN,
			"bucketArn":                "arn:aws:s3:::failed-0a1b2c3",
			"prefix":                   "search/",
			"errorOutputPrefix":        "search/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/",
			"bufferingSize":            128.0,
			"bufferingInterval":        300.0,
			"compressionFormat":        "GZIP",
			"kmsKeyArn":                keyARN,
			"cloudwatchLoggingOptions": logged("BackupDelivery"),
		},
	}, stream.Get("opensearchConfiguration"))
}

func TestSearchSettings(t *testing.T) {
	retry := 0
	stream := upSearch(t, func(a *delivery.SearchArgs) {
		a.IndexName, a.Rotation, a.RetrySeconds = "istio", "OneHour", &retry
		a.Buffer = &delivery.Buffer{SizeMiB: 100}
		a.Backup.Mode, a.Backup.Prefix = delivery.BackupAll, "a/b/"
	}).Named(t, "search-to-opensearch")
	for input, want := range map[string]any{
		"indexName": "istio", "indexRotationPeriod": "OneHour", "retryDuration": 0.0, "bufferingSize": 100.0, "bufferingInterval": 0.0,
		"s3BackupMode": "AllDocuments",
	} {
		assert.Equal(t, want, stream.Get("opensearchConfiguration", input), input)
	}
	assert.Equal(t, "a/b/", stream.Get("opensearchConfiguration", "s3Configuration", "prefix"))
}

func TestSearchInAVPC(t *testing.T) {
	recording := upSearch(t, inVPC)
	assert.Equal(t, map[string]any{
		"roleArn":          writerRoleARN,
		"subnetIds":        []any{"subnet-0a1b2c3d4e5f60718", "subnet-0b1b2c3d4e5f60718"},
		"securityGroupIds": []any{"sg-0a1b2c3d4e5f60718"},
	}, recording.Named(t, "search-to-opensearch").Get("opensearchConfiguration", "vpcConfig"))
	mocks.Golden(t, "search-policy-vpc.json", recording.Named(t, "search-role-policy").Get("policy").(string))
}

func TestSearchPolicyIsTheWriters(t *testing.T) {
	policy := upSearch(t, nil).Named(t, "search-role-policy")
	assert.Equal(t, "writer-role-0a1b2c3", policy.Get("role"))
	mocks.Golden(t, "search-policy.json", policy.Get("policy").(string))
}

func TestSearchPolicyFollowsIndexAndPrefix(t *testing.T) {
	policy := upSearch(t, func(a *delivery.SearchArgs) {
		a.IndexName, a.Backup.Prefix = "istio", "a/b/"
		a.Source.KeyARN = pulumi.String("arn:aws:kms:eu-central-1:111111111111:key/of-the-stream")
	}).Named(t, "search-role-policy").Policy(t, "policy")
	assert.Contains(t, policy.Named(t, "ReadState").Resource, domainARN+"/istio*/_stats")
	assert.Equal(t, []string{"arn:aws:s3:::failed-0a1b2c3/a/b/*"}, policy.Named(t, "WriteObjects").Resource)
	assert.Equal(t, []string{"arn:aws:kms:eu-central-1:111111111111:key/of-the-stream"}, policy.Named(t, "DecryptStream").Resource)
	assert.Equal(t, []string{keyARN}, policy.Named(t, "EncryptObjects").Resource)
}

// The first records come at once: what makes them fit has to be there, and the permissions.
func TestSearchWaitsForItsPolicyAndForTheInsideOfTheDomain(t *testing.T) {
	recording, err := mocks.Up(func(ctx *pulumi.Context) error {
		writer, err := delivery.NewWriter(ctx, "writer", &delivery.WriterArgs{AccountID: mocks.AccountID, Region: mocks.Region})
		if err != nil {
			return err
		}
		inside, err := delivery.NewS3(ctx, "inside", minimal())
		if err != nil {
			return err
		}
		args := minimalSearch()
		args.Role = delivery.SearchRole{Name: writer.RoleName, ARN: writer.RoleARN}
		args.After = inside.Ready()
		_, err = delivery.NewSearch(ctx, "search", args)
		return err
	})
	require.NoError(t, err)
	stream := recording.Named(t, "search-to-opensearch")
	for _, name := range []string{"search-role-policy", "writer-role", "inside-to-s3", "search-errors-opensearch", "search-errors-backup"} {
		assert.True(t, stream.DependsOn(recording.Named(t, name)), name)
	}
	assert.Equal(t, writerRoleARN, stream.Get("opensearchConfiguration", "roleArn"))
}

func TestWriterIsARoleThatMayDoNothingYet(t *testing.T) {
	recording, err := mocks.Up(func(ctx *pulumi.Context) error {
		_, err := delivery.NewWriter(ctx, "writer", &delivery.WriterArgs{AccountID: mocks.AccountID, Region: mocks.Region, Protect: true})
		return err
	})
	require.NoError(t, err)
	role := recording.Named(t, "writer-role")
	mocks.Golden(t, "trust-policy.json", role.Get("assumeRolePolicy").(string))
	assert.True(t, role.RetainOnDelete)
	assert.Empty(t, recording.OfType("aws:iam/rolePolicy:RolePolicy"))
}

func TestWriterFaults(t *testing.T) {
	recording, err := mocks.Up(func(ctx *pulumi.Context) error {
		_, err := delivery.NewWriter(ctx, strings.Repeat("w", 60), &delivery.WriterArgs{AccountID: "1"})
		return err
	})
	var faults fault.List
	require.ErrorAs(t, err, &faults)
	assert.Len(t, faults, 3)
	assert.Empty(t, recording.All())
}

func TestSearchIsRetainedWithWhatItNeeds(t *testing.T) {
	needed := []string{"search-to-opensearch", "search-role-policy", "search-errors", "search-errors-opensearch", "search-errors-backup"}
	for _, protect := range []bool{true, false} {
		recording := upSearch(t, func(a *delivery.SearchArgs) { a.Protect = protect })
		for _, name := range needed {
			assert.Equal(t, protect, recording.Named(t, name).RetainOnDelete, name)
		}
		assert.Equal(t, protect, recording.Named(t, "search-to-opensearch").Protect)
	}
}

func TestSearchFaults(t *testing.T) {
	seconds := func(n int) *int { return &n }
	for name, test := range map[string]struct {
		change func(*delivery.SearchArgs)
		want   string
	}{
		"no account":        {func(a *delivery.SearchArgs) { a.AccountID = "" }, "AccountID: not set, but required"},
		"no region":         {func(a *delivery.SearchArgs) { a.Region = "" }, "Region: not set, but required"},
		"no stream":         {func(a *delivery.SearchArgs) { a.Source.StreamARN = nil }, "Source.StreamARN: not set"},
		"no role":           {func(a *delivery.SearchArgs) { a.Role.Name = nil }, "Role.Name: not set"},
		"no role's ARN":     {func(a *delivery.SearchArgs) { a.Role.ARN = nil }, "Role.ARN: not set"},
		"no domain":         {func(a *delivery.SearchArgs) { a.DomainARN = nil }, "DomainARN: not set"},
		"no bucket":         {func(a *delivery.SearchArgs) { a.Backup.BucketName = nil }, "Backup.BucketName: not set"},
		"no key":            {func(a *delivery.SearchArgs) { a.Backup.KeyARN = nil }, "Backup.KeyARN: not set"},
		"upper case":        {func(a *delivery.SearchArgs) { a.IndexName = "Logs" }, `IndexName: not allowed (given: "Logs"); nearest: logs; allowed: 1 to 80 lower-case letters`},
		"hidden index":      {func(a *delivery.SearchArgs) { a.IndexName = "_logs" }, `IndexName: not allowed (given: "_logs")`},
		"index too long":    {func(a *delivery.SearchArgs) { a.IndexName = strings.Repeat("a", 81) }, "IndexName: not allowed"},
		"index of a policy": {func(a *delivery.SearchArgs) { a.IndexName = "logs*" }, "IndexName: not allowed"},
		"rotation":          {func(a *delivery.SearchArgs) { a.Rotation = "Daily" }, `Rotation: not allowed (given: "Daily"); allowed: OneHour, OneDay, OneWeek or OneMonth`},
		"no rotation":       {func(a *delivery.SearchArgs) { a.Rotation = "NoRotation" }, `Rotation: not allowed (given: "NoRotation")`},
		"buffer of nothing": {func(a *delivery.SearchArgs) { a.Buffer = &delivery.Buffer{} }, `Buffer.SizeMiB: out of range (given: "0"); allowed: an integer from 1 to 100`},
		"buffer too large":  {func(a *delivery.SearchArgs) { a.Buffer = &delivery.Buffer{SizeMiB: 101} }, `Buffer.SizeMiB: out of range (given: "101")`},
		"buffer too long": {
			func(a *delivery.SearchArgs) { a.Buffer = &delivery.Buffer{SizeMiB: 1, IntervalSeconds: 901} },
			`Buffer.IntervalSeconds: out of range (given: "901"); allowed: an integer from 0 to 900`,
		},
		"retry":              {func(a *delivery.SearchArgs) { a.RetrySeconds = seconds(7201) }, `RetrySeconds: out of range (given: "7201"); allowed: an integer from 0 to 7200`},
		"negative retry":     {func(a *delivery.SearchArgs) { a.RetrySeconds = seconds(-1) }, `RetrySeconds: out of range (given: "-1")`},
		"backup":             {func(a *delivery.SearchArgs) { a.Backup.Mode = "none" }, `Backup.Mode: not allowed (given: "none"); allowed: failed or all`},
		"backup prefix":      {func(a *delivery.SearchArgs) { a.Backup.Prefix = "search" }, `Backup.Prefix: not allowed (given: "search"); allowed: path segments`},
		"log retention":      {func(a *delivery.SearchArgs) { a.LogRetentionDays = 2 }, `LogRetentionDays: not allowed (given: "2")`},
		"no subnets":         {func(a *delivery.SearchArgs) { inVPC(a); a.Network.SubnetIDs = nil }, "Network.SubnetIDs: not set, but required; allowed: the id of a subnet"},
		"no security groups": {func(a *delivery.SearchArgs) { inVPC(a); a.Network.SecurityGroupIDs = nil }, "Network.SecurityGroupIDs: not set, but required"},
		"no subnet's id":     {func(a *delivery.SearchArgs) { inVPC(a); a.Network.SubnetIDs[0] = "subnet-*" }, `Network.SubnetIDs: "subnet-*": not allowed; allowed: the id of a subnet`},
		"no group's id":      {func(a *delivery.SearchArgs) { inVPC(a); a.Network.SecurityGroupIDs[0] = "default" }, `Network.SecurityGroupIDs: "default": not allowed`},
		"a subnet twice": {
			func(a *delivery.SearchArgs) { inVPC(a); a.Network.SubnetIDs[1] = a.Network.SubnetIDs[0] }, "Network.SubnetIDs: one is given twice",
		},
		"too many security groups": {func(a *delivery.SearchArgs) {
			inVPC(a)
			a.Network.SecurityGroupIDs = []string{"sg-00000001", "sg-00000002", "sg-00000003", "sg-00000004", "sg-00000005", "sg-00000006"}
		}, "Network.SecurityGroupIDs: 6 elements are too many"},
	} {
		t.Run(name, func(t *testing.T) {
			args := minimalSearch()
			test.change(args)
			recording, err := createSearch(args)
			require.ErrorContains(t, err, `delivery to OpenSearch "search": `+test.want)
			var faults fault.List
			require.ErrorAs(t, err, &faults)
			assert.Len(t, faults, 1)
			assert.Empty(t, recording.All(), "nothing is registered when anything is wrong")
		})
	}
}

func TestAllFaultsOfASearchAtOnce(t *testing.T) {
	_, err := createSearch(nil)
	var faults fault.List
	require.ErrorAs(t, err, &faults)
	assert.Len(t, faults, 8)
}
