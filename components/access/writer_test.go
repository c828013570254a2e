package access_test

import (
	"fmt"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/access"
	"example.com/log-pipeline/tests/mocks"
)

const (
	keyARN      = "arn:aws:kms:eu-central-1:111111111111:key/k"
	streamARN   = "arn:aws:kinesis:eu-central-1:111111111111:stream/logs"
	deliveryARN = "arn:aws:firehose:eu-central-1:111111111111:deliverystream/logs"
)

func minimalWriter() *access.WriterArgs {
	return &access.WriterArgs{
		AccountID: mocks.AccountID, Region: mocks.Region, RoleName: "dev-writer",
		Producers: []string{fluentdARN}, ExternalID: externalID,
		StreamARN: pulumi.String(streamARN), KeyARN: pulumi.String(keyARN),
	}
}

func target(bucket, prefix string) access.ObjectTarget {
	return access.ObjectTarget{
		BucketName: pulumi.String(bucket), Prefix: prefix,
		KeyARN: pulumi.String("arn:aws:kms:eu-central-1:111111111111:key/of-" + bucket),
	}
}

func writer(args *access.WriterArgs, run func(pulumi.RunFunc) (*mocks.Recording, error)) (*mocks.Recording, outputs, error) {
	var out outputs
	recording, err := run(func(ctx *pulumi.Context) error {
		w, err := access.NewWriter(ctx, "writer", args)
		if err != nil {
			return err
		}
		out, err = await(ctx, w.RoleARN, w.RoleName, w.Counterpart)
		return err
	})
	return recording, out, err
}

func writerUp(t *testing.T, change func(*access.WriterArgs)) (*mocks.Recording, outputs) {
	t.Helper()
	args := minimalWriter()
	if change != nil {
		change(args)
	}
	recording, out, err := writer(args, mocks.Up)
	require.NoError(t, err)
	return recording, out
}

func TestWriterPoliciesAreGolden(t *testing.T) {
	recording, out := writerUp(t, nil)
	role := recording.Named(t, "writer-role")
	mocks.Golden(t, "writer-trust.json", role.Get("assumeRolePolicy").(string))
	mocks.Golden(t, "writer-policy.json", recording.Named(t, "writer-role-policy").Get("policy").(string))
	mocks.Golden(t, "writer-counterpart.json", out.counterpart)
	assert.Equal(t, "dev-writer", role.Get("name"), "another account must know the name")
	assert.Equal(t, outputs{roleARN: writerARN, roleName: "dev-writer", counterpart: out.counterpart}, out)
}

func TestWriterOfEverythingIsGolden(t *testing.T) {
	recording, _ := writerUp(t, func(a *access.WriterArgs) {
		a.Producers = []string{
			fluentdARN, "arn:aws:iam::222222222222:role/dev-b-fluentd", "arn:aws:iam::333333333333:role/eks/fluentd",
			"arn:aws:iam::111111111111:role/dev-c-fluentd",
		}
		a.Objects = []access.ObjectTarget{target("failed", "fluentd/"), target("raw", "direct/logs/")}
		a.DeliveryStreamARN = pulumi.String(deliveryARN)
	})
	mocks.Golden(t, "writer-trust-all.json", recording.Named(t, "writer-role").Get("assumeRolePolicy").(string))
	mocks.Golden(t, "writer-policy-all.json", recording.Named(t, "writer-role-policy").Get("policy").(string))
}

func TestOneAccountMayDoWithoutExternalID(t *testing.T) {
	recording, _ := writerUp(t, func(a *access.WriterArgs) {
		a.Producers, a.ExternalID = []string{"arn:aws:iam::111111111111:role/dev-a-fluentd"}, ""
	})
	assert.Equal(t, map[string]map[string][]string{
		"StringEquals": {"aws:PrincipalArn": {"arn:aws:iam::111111111111:role/dev-a-fluentd"}},
	}, recording.Named(t, "writer-role").Policy(t, "assumeRolePolicy").Statement[0].Condition)
}

func TestWriterFollowsThePartition(t *testing.T) {
	recording, out := writerUp(t, func(a *access.WriterArgs) {
		a.Region, a.Producers = "us-gov-west-1", []string{"arn:aws-us-gov:iam::222222222222:role/dev-a-fluentd"}
		a.StreamARN = pulumi.String("arn:aws-us-gov:kinesis:us-gov-west-1:111111111111:stream/logs")
		a.KeyARN = pulumi.String("arn:aws-us-gov:kms:us-gov-west-1:111111111111:key/k")
		a.Objects = []access.ObjectTarget{target("failed", "fluentd/")}
		a.Objects[0].KeyARN = a.KeyARN
	})
	assert.Equal(t, map[string][]string{"AWS": {"arn:aws-us-gov:iam::222222222222:root"}},
		recording.Named(t, "writer-role").Policy(t, "assumeRolePolicy").Statement[0].Principal)
	policy := recording.Named(t, "writer-role-policy").Policy(t, "policy")
	assert.Equal(t, []string{"arn:aws-us-gov:s3:::failed/fluentd/*"}, policy.Named(t, "WriteObjects1").Resource)
	assert.Equal(t, []string{"kinesis.us-gov-west-1.amazonaws.com"},
		policy.Named(t, "EncryptRecords").Condition["StringEquals"]["kms:ViaService"])
	assert.Contains(t, out.counterpart, "arn:aws-us-gov:iam::111111111111:role/dev-writer")
}

// What comes out of resources is not known before the run, and ends in the policy all the same.
func TestWriterTakesOutputs(t *testing.T) {
	recording, _ := writerUp(t, func(a *access.WriterArgs) {
		a.StreamARN, a.KeyARN = pulumi.String(streamARN).ToStringOutput(), pulumi.String(keyARN).ToStringOutput()
		a.DeliveryStreamARN = pulumi.String(deliveryARN).ToStringOutput()
		a.Objects = []access.ObjectTarget{{
			BucketName: pulumi.String("failed").ToStringOutput(), Prefix: "fluentd/", KeyARN: pulumi.String(keyARN).ToStringOutput(),
		}}
	})
	policy := recording.Named(t, "writer-role-policy").Policy(t, "policy")
	assert.Equal(t, []string{streamARN}, policy.Named(t, "PutRecords").Resource)
	assert.Equal(t, []string{"arn:aws:s3:::failed/fluentd/*"}, policy.Named(t, "WriteObjects1").Resource)
}

// A key may be another account's, whose policy then has to name the role; its region cannot be another.
func TestKeyMayBeOfAnotherAccount(t *testing.T) {
	const shared = "arn:aws:kms:eu-central-1:999999999999:key/mrk-0b9e2a445c0f4b8e9d4f8f0a6c1d2e3f"
	recording, _ := writerUp(t, func(a *access.WriterArgs) { a.KeyARN = pulumi.String(shared) })
	assert.Equal(t, []string{shared}, recording.Named(t, "writer-role-policy").Policy(t, "policy").Named(t, "EncryptRecords").Resource)
}

func TestAsManyProducersAsATrustPolicyHolds(t *testing.T) {
	clusters := func(n int) func(*access.WriterArgs) {
		return func(a *access.WriterArgs) {
			a.Producers = nil
			for i := range n {
				a.Producers = append(a.Producers, fmt.Sprintf("arn:aws:iam::222222222222:role/log-pipeline-prod-cluster-%02d-fluentd", i))
			}
		}
	}
	recording, _ := writerUp(t, clusters(24))
	assert.LessOrEqual(t, len(recording.Named(t, "writer-role").Get("assumeRolePolicy").(string)), 2048)

	args := minimalWriter()
	clusters(40)(args)
	recording, _, err := writer(args, mocks.Up)
	refused(t, recording, err, "Producers: 40 roles make a trust policy of ", `writer role "writer"`)
	assert.ErrorContains(t, err, "characters, and IAM's quota is 2048: make another role for the rest")
}

func TestWriterFaults(t *testing.T) {
	type args = access.WriterArgs
	for name, test := range map[string]struct {
		change func(*args)
		want   string
	}{
		"account id":     {func(a *args) { a.AccountID = "1" }, "AccountID: not allowed: an unquoted id that starts with 0"},
		"region":         {func(a *args) { a.Region = "" }, "Region: not set, but required"},
		"role name":      {func(a *args) { a.RoleName = "a*" }, `RoleName: not allowed (given: "a*")`},
		"no producer":    {func(a *args) { a.Producers = nil }, "Producers: not set, but required"},
		"any producer":   {func(a *args) { a.Producers = []string{"*"} }, `Producers: "*": not allowed; allowed: the ARN of an IAM role`},
		"every role":     {func(a *args) { a.Producers = []string{"arn:aws:iam::222222222222:role/*"} }, `Producers: "arn:aws:iam::222222222222:role/*": not allowed; allowed: the ARN of an IAM role`},
		"a whole path":   {func(a *args) { a.Producers = []string{"arn:aws:iam::222222222222:role/eks/"} }, `Producers: "arn:aws:iam::222222222222:role/eks/": not allowed; allowed: the ARN of an IAM role`},
		"an account":     {func(a *args) { a.Producers = []string{"arn:aws:iam::222222222222:root"} }, `Producers: "arn:aws:iam::222222222222:root": not allowed; allowed: the ARN of an IAM role`},
		"an account id":  {func(a *args) { a.Producers = []string{"222222222222"} }, `Producers: "222222222222": not allowed; allowed: the ARN of an IAM role`},
		"a session":      {func(a *args) { a.Producers = []string{"arn:aws:sts::222222222222:assumed-role/a/b"} }, `Producers: "arn:aws:sts::222222222222:assumed-role/a/b": not allowed; allowed: the ARN of an IAM role`},
		"a partition":    {func(a *args) { a.Producers = []string{"arn:aws-cn:iam::222222222222:role/a"} }, `Producers: "arn:aws-cn:iam::222222222222:role/a": the role is in the partition aws-cn, and the region eu-central-1 in aws`},
		"itself":         {func(a *args) { a.Producers = []string{fluentdARN, writerARN} }, "Producers: \"" + writerARN + "\": the role itself; allowed: another role"},
		"no external id": {func(a *args) { a.ExternalID = "" }, "ExternalID: not set, and " + fluentdARN + " is of another account"},
		"one of another account": {func(a *args) {
			a.Producers, a.ExternalID = []string{"arn:aws:iam::111111111111:role/a", fluentdARN}, ""
		}, "ExternalID: not set, and " + fluentdARN},
		"no stream":          {func(a *args) { a.StreamARN = nil }, "StreamARN: not set, but required; allowed: the ARN of a Kinesis data stream"},
		"a stream's name":    {func(a *args) { a.StreamARN = pulumi.String("logs") }, `StreamARN: not allowed (given: "logs"); allowed: the ARN of a Kinesis data stream, such as ` + streamARN},
		"every stream":       {func(a *args) { a.StreamARN = pulumi.String("arn:aws:kinesis:eu-central-1:111111111111:stream/*") }, "StreamARN: "},
		"a consumer":         {func(a *args) { a.StreamARN = pulumi.String(streamARN + "/consumer/a:1") }, "StreamARN: "},
		"a foreign stream":   {func(a *args) { a.StreamARN = pulumi.String("arn:aws:kinesis:eu-central-1:222222222222:stream/logs") }, "StreamARN: of another account than AccountID"},
		"a stream elsewhere": {func(a *args) { a.StreamARN = pulumi.String("arn:aws:kinesis:us-east-1:111111111111:stream/logs") }, "StreamARN: of another region or partition than Region"},
		"no key":             {func(a *args) { a.KeyARN = nil }, "KeyARN: not set, but required; allowed: the ARN of a KMS key"},
		"an alias":           {func(a *args) { a.KeyARN = pulumi.String("arn:aws:kms:eu-central-1:111111111111:alias/logs") }, "KeyARN: not allowed"},
		"a key elsewhere":    {func(a *args) { a.KeyARN = pulumi.String("arn:aws:kms:us-east-1:111111111111:key/k") }, "KeyARN: of another region or partition than Region"},
		"a delivery stream":  {func(a *args) { a.DeliveryStreamARN = pulumi.String(streamARN) }, "DeliveryStreamARN: not allowed"},
		"no bucket": {func(a *args) {
			a.Objects = []access.ObjectTarget{target("failed", "a/")}
			a.Objects[0].BucketName = nil
		}, "Objects[0].BucketName: not set"},
		"a bucket's ARN": {func(a *args) {
			a.Objects = []access.ObjectTarget{target("arn:aws:s3:::failed", "a/")}
			a.Objects[0].KeyARN = a.KeyARN
		}, "Objects[0].BucketName: not allowed"},
		"the whole bucket":      {func(a *args) { a.Objects = []access.ObjectTarget{target("failed", "")} }, "Objects[0].Prefix: not set"},
		"a wildcard prefix":     {func(a *args) { a.Objects = []access.ObjectTarget{target("raw", "a/"), target("failed", "*/")} }, "Objects[1].Prefix: not allowed"},
		"objects without a key": {func(a *args) { a.Objects = []access.ObjectTarget{target("failed", "a/")}; a.Objects[0].KeyARN = nil }, "Objects[0].KeyARN: not set"},
	} {
		t.Run(name, func(t *testing.T) {
			args := minimalWriter()
			test.change(args)
			recording, _, err := writer(args, mocks.Up)
			refused(t, recording, err, test.want, `writer role "writer"`)
		})
	}
}
