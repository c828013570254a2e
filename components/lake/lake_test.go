package lake_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/tests/mocks"
)

const bucketType = "aws:s3/bucketV2:BucketV2"

var (
	dataBuckets = []string{"raw", "warehouse", "failed", "results", "artifacts"}
	allBuckets  = append([]string{"access-logs"}, dataBuckets...)
)

func minimal() *lake.Args { return &lake.Args{AccountID: mocks.AccountID, Region: mocks.Region} }

func up(t *testing.T, change func(*lake.Args)) *mocks.Recording {
	t.Helper()
	args := minimal()
	if change != nil {
		change(args)
	}
	recording, err := mocks.Up(func(ctx *pulumi.Context) error {
		_, err := lake.New(ctx, "lake", args)
		return err
	})
	require.NoError(t, err)
	return recording
}

func TestKey(t *testing.T) {
	recording := up(t, nil)
	key := recording.Named(t, "lake-key")
	assert.Equal(t, true, key.Get("enableKeyRotation"))
	assert.EqualValues(t, 30, key.Get("deletionWindowInDays"))
	assert.Equal(t, "alias/log-pipeline-test-lake", recording.Named(t, "lake-key-alias").Get("name"))
	mocks.Golden(t, "key-policy.json", key.Get("policy").(string))
}

func TestAliasMayBeGiven(t *testing.T) {
	recording := up(t, func(a *lake.Args) { a.KeyAlias = "team-a" })
	assert.Equal(t, "alias/team-a", recording.Named(t, "lake-key-alias").Get("name"))
}

func TestKeyPolicyNamesProducersOnlyIfGiven(t *testing.T) {
	producers := lake.Producers{AccountIDs: []string{"333333333333", "222222222222", "333333333333"}, StreamName: "logs"}
	key := up(t, func(a *lake.Args) { a.Producers = producers }).Named(t, "lake-key")
	mocks.Golden(t, "key-policy-producers.json", key.Get("policy").(string))
	assert.Len(t, up(t, nil).Named(t, "lake-key").Policy(t, "policy").Statement, 2)
}

func TestKeyPolicyIsOfThePartition(t *testing.T) {
	key := up(t, func(a *lake.Args) {
		a.Region = "cn-north-1"
		a.Producers = lake.Producers{AccountIDs: []string{"222222222222"}, StreamName: "logs"}
	}).Named(t, "lake-key")
	policy := key.Policy(t, "policy")
	assert.Equal(t, []string{"arn:aws-cn:iam::111111111111:root"}, policy.Named(t, "AccountAdministration").Principal["AWS"])
	assert.Equal(t, []string{"logs.cn-north-1.amazonaws.com.cn"}, policy.Named(t, "CloudWatchLogsOfThisAccount").Principal["Service"])
	producers := policy.Named(t, "ProducersOfOtherAccounts")
	assert.Equal(t, []string{"kinesis.cn-north-1.amazonaws.com.cn"}, producers.Condition["StringEquals"]["kms:ViaService"])
	assert.Equal(t, []string{"arn:aws-cn:kinesis:cn-north-1:111111111111:stream/logs"},
		producers.Condition["StringEquals"]["kms:EncryptionContext:aws:kinesis:arn"])
}

func TestKeyPolicyNamesNoRole(t *testing.T) {
	key := up(t, nil).Named(t, "lake-key")
	assert.NotContains(t, key.Get("policy"), ":role/", "a role that does not exist yet makes KMS refuse the policy")
}

// A destroy that stops at a bucket that is not empty must not have taken the key: nobody could read the bucket then.
func TestTheKeyIsDeletedAfterTheBuckets(t *testing.T) {
	recording := up(t, nil)
	for _, role := range allBuckets {
		assert.True(t, recording.Named(t, "lake-"+role).DependsOn(recording.Named(t, "lake-key")), role)
	}
}

func TestEveryBucketIsHardened(t *testing.T) {
	recording := up(t, nil)
	assert.Len(t, recording.OfType(bucketType), len(allBuckets))
	for _, role := range allBuckets {
		t.Run(role, func(t *testing.T) {
			setting := func(name string) mocks.Resource { return recording.Named(t, "lake-"+role+"-"+name) }

			assert.Equal(t, "BucketOwnerEnforced", setting("ownership").Get("rule", "objectOwnership"))
			block := setting("public-access")
			for _, input := range []string{"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"} {
				assert.Equal(t, true, block.Get(input), input)
			}
			assert.Equal(t, "Enabled", setting("versioning").Get("versioningConfiguration", "status"))
			tls := setting("policy").Policy(t, "policy").Named(t, "TLSOnly")
			arn := "arn:aws:s3:::lake-" + role + "-0a1b2c3"
			assert.Equal(t, mocks.Statement{
				Sid: "TLSOnly", Effect: "Deny", Principal: map[string][]string{"AWS": {"*"}}, Action: []string{"s3:*"},
				Resource:  []string{arn, arn + "/*"},
				Condition: map[string]map[string][]string{"Bool": {"aws:SecureTransport": {"false"}}},
			}, tls)
			assert.NotContains(t, recording.Named(t, "lake-"+role).Inputs, "bucket", "the name is generated")
		})
	}
}

func TestDataBucketsUseTheKeyAndLogTheirAccess(t *testing.T) {
	recording := up(t, nil)
	for _, role := range dataBuckets {
		encryption := recording.Named(t, "lake-"+role+"-encryption")
		assert.Equal(t, "aws:kms", encryption.Get("rules", 0, "applyServerSideEncryptionByDefault", "sseAlgorithm"))
		assert.Equal(t, "arn:aws:kms:eu-central-1:111111111111:key/lake-key-0a1b2c3",
			encryption.Get("rules", 0, "applyServerSideEncryptionByDefault", "kmsMasterKeyId"))
		assert.Equal(t, true, encryption.Get("rules", 0, "bucketKeyEnabled"))
		logging := recording.Named(t, "lake-"+role+"-logging")
		assert.Equal(t, "lake-access-logs-0a1b2c3", logging.Get("targetBucket"))
		assert.Equal(t, role+"/", logging.Get("targetPrefix"))
		assert.True(t, logging.DependsOn(recording.Named(t, "lake-access-logs-policy")), "logs can be delivered only then")
	}
}

// S3 delivers no logs to a bucket with KMS encryption, and a bucket that logs to itself loops.
func TestAccessLogBucketIsTheException(t *testing.T) {
	recording := up(t, nil)
	encryption := recording.Named(t, "lake-access-logs-encryption")
	assert.Equal(t, "AES256", encryption.Get("rules", 0, "applyServerSideEncryptionByDefault", "sseAlgorithm"))
	assert.Nil(t, encryption.Get("rules", 0, "applyServerSideEncryptionByDefault", "kmsMasterKeyId"))
	for _, logging := range recording.OfType("aws:s3/bucketLoggingV2:BucketLoggingV2") {
		assert.NotEqual(t, "lake-access-logs-0a1b2c3", logging.Get("bucket"))
	}
	mocks.Golden(t, "access-logs-policy.json", recording.Named(t, "lake-access-logs-policy").Get("policy").(string))
}

// At the same time they fail: OperationAborted (gh:hashicorp/terraform-provider-aws#7628, #33552).
func TestSettingsOfABucketAreMadeOneAfterTheOther(t *testing.T) {
	recording := up(t, nil)
	for _, role := range allBuckets {
		before := recording.Named(t, "lake-"+role)
		for _, setting := range []string{"ownership", "public-access", "encryption", "versioning", "policy", "logging", "lifecycle"} {
			if role == "access-logs" && setting == "logging" {
				continue
			}
			now := recording.Named(t, "lake-"+role+"-"+setting)
			assert.True(t, now.DependsOn(before), "%s waits for %s", now.Name, before.Name)
			before = now
		}
	}
}

func TestBucketsAreHandedOutOnlyWhenTheyAreSafe(t *testing.T) {
	recording, err := mocks.Up(func(ctx *pulumi.Context) error {
		l, err := lake.New(ctx, "lake", minimal())
		if err != nil {
			return err
		}
		for _, output := range []pulumi.StringOutput{l.Raw.Name, l.Raw.ARN} {
			result, err := internals.UnsafeAwaitOutput(ctx.Context(), output)
			if err != nil {
				return err
			}
			var urns []string
			for _, dependency := range result.Dependencies {
				urn, err := internals.UnsafeAwaitOutput(ctx.Context(), dependency.URN())
				if err != nil {
					return err
				}
				urns = append(urns, string(urn.Value.(pulumi.URN)))
			}
			assert.Contains(t, urns, "urn:pulumi:test::log-pipeline::log-pipeline:lake:Lake$aws:s3/bucketPolicy:BucketPolicy::lake-raw-policy")
		}
		arn, err := internals.UnsafeAwaitOutput(ctx.Context(), l.Raw.ARN)
		assert.Equal(t, "arn:aws:s3:::lake-raw-0a1b2c3", arn.Value)
		return err
	})
	require.NoError(t, err)
	assert.NotEmpty(t, recording.All())
}

func TestForceDestroyAndProtect(t *testing.T) {
	for _, b := range up(t, nil).OfType(bucketType) {
		assert.Equal(t, false, b.Get("forceDestroy"), b.Name)
		assert.False(t, b.Protect)
	}
	for _, b := range up(t, func(a *lake.Args) { a.ForceDestroy = true }).OfType(bucketType) {
		assert.Equal(t, true, b.Get("forceDestroy"), b.Name)
	}
	recording := up(t, func(a *lake.Args) { a.Protect = true })
	for _, r := range append(recording.OfType(bucketType), recording.Named(t, "lake-key")) {
		assert.True(t, r.Protect, r.Name)
		assert.True(t, r.RetainOnDelete, r.Name)
	}
	assert.True(t, recording.Named(t, "lake-raw-policy").RetainOnDelete, "a bucket that stays keeps its settings")
}
