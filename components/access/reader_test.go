package access_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/access"
	"example.com/log-pipeline/tests/mocks"
)

const (
	readerARN   = "arn:aws:iam::111111111111:role/dev-reader"
	consumerARN = streamARN + "/consumer/audit:1700000000"
)

func minimalReader() *access.ReaderArgs {
	return &access.ReaderArgs{
		AccountID: mocks.AccountID, Region: mocks.Region, RoleName: "dev-reader",
		Readers: []string{"arn:aws:iam::444444444444:role/audit"}, ExternalID: externalID,
		Stream: &access.StreamSource{StreamARN: pulumi.String(streamARN), KeyARN: pulumi.String(keyARN)},
	}
}

func rawSource() *access.ObjectSource {
	return &access.ObjectSource{BucketName: pulumi.String("raw"), Prefix: "logs/", KeyARN: pulumi.String(keyARN)}
}

func reader(args *access.ReaderArgs, run func(pulumi.RunFunc) (*mocks.Recording, error)) (*mocks.Recording, outputs, error) {
	var out outputs
	recording, err := run(func(ctx *pulumi.Context) error {
		r, err := access.NewReader(ctx, "reader", args)
		if err != nil {
			return err
		}
		out, err = await(ctx, r.RoleARN, r.RoleName, r.Counterpart)
		return err
	})
	return recording, out, err
}

func readerUp(t *testing.T, change func(*access.ReaderArgs)) (*mocks.Recording, outputs) {
	t.Helper()
	args := minimalReader()
	if change != nil {
		change(args)
	}
	recording, out, err := reader(args, mocks.Up)
	require.NoError(t, err)
	return recording, out
}

func TestReaderPoliciesAreGolden(t *testing.T) {
	recording, out := readerUp(t, func(a *access.ReaderArgs) {
		a.Stream.ConsumerARNs = []pulumi.StringInput{pulumi.String(consumerARN)}
		a.Raw = rawSource()
		a.Raw.DatabaseName, a.Raw.TableName = pulumi.String("logs"), pulumi.String("raw_logs")
	})
	role := recording.Named(t, "reader-role")
	mocks.Golden(t, "reader-trust.json", role.Get("assumeRolePolicy").(string))
	mocks.Golden(t, "reader-policy.json", recording.Named(t, "reader-role-policy").Get("policy").(string))
	mocks.Golden(t, "reader-counterpart.json", out.counterpart)
	assert.Equal(t, "dev-reader", role.Get("name"))
	assert.Equal(t, outputs{roleARN: readerARN, roleName: "dev-reader", counterpart: out.counterpart}, out)
}

func TestReaderHasOnlyWhatIsAskedFor(t *testing.T) {
	sids := func(recording *mocks.Recording) []string {
		var sids []string
		for _, s := range recording.Named(t, "reader-role-policy").Policy(t, "policy").Statement {
			sids = append(sids, s.Sid)
		}
		return sids
	}
	stream, _ := readerUp(t, nil)
	assert.Equal(t, []string{"ReadStream", "DecryptRecords"}, sids(stream))
	raw, _ := readerUp(t, func(a *access.ReaderArgs) { a.Stream, a.Raw = nil, rawSource() })
	assert.Equal(t, []string{"ReadObjects", "ListObjects", "LocateBucket", "DecryptObjects"}, sids(raw))
}

func TestReaderFaults(t *testing.T) {
	type args = access.ReaderArgs
	withRaw := func(change func(*access.ObjectSource)) func(*args) {
		return func(a *args) {
			a.Raw = rawSource()
			change(a.Raw)
		}
	}
	withConsumer := func(arn string) func(*args) {
		return func(a *args) { a.Stream.ConsumerARNs = []pulumi.StringInput{pulumi.String(arn)} }
	}
	for name, test := range map[string]struct {
		change func(*args)
		want   string
	}{
		"account id":      {func(a *args) { a.AccountID = "" }, "AccountID: not set, but required; allowed: 12 digits"},
		"no reader":       {func(a *args) { a.Readers = []string{} }, "Readers: not set, but required; allowed: the ARN of at least one IAM role"},
		"a user":          {func(a *args) { a.Readers = []string{"arn:aws:iam::444444444444:user/a"} }, `Readers: "arn:aws:iam::444444444444:user/a": not allowed; allowed: the ARN of an IAM role`},
		"a partition":     {func(a *args) { a.Readers = []string{"arn:aws-us-gov:iam::444444444444:role/a"} }, `Readers: "arn:aws-us-gov:iam::444444444444:role/a": the role is in the partition aws-us-gov, and the region eu-central-1 in aws`},
		"no external id":  {func(a *args) { a.ExternalID = "" }, "ExternalID: not set, and arn:aws:iam::444444444444:role/audit"},
		"nothing to read": {func(a *args) { a.Stream = nil }, "Stream: neither this nor Raw is set"},
		"no stream":       {func(a *args) { a.Stream.StreamARN = nil }, "Stream.StreamARN: not set"},
		"a foreign stream": {func(a *args) {
			a.Stream.StreamARN = pulumi.String("arn:aws:kinesis:eu-central-1:444444444444:stream/a")
		}, "Stream.StreamARN: of another account than AccountID"},
		"no key":             {func(a *args) { a.Stream.KeyARN = nil }, "Stream.KeyARN: not set"},
		"a consumer's name":  {withConsumer("audit"), `Stream.ConsumerARNs[0]: not allowed (given: "audit"); allowed: the ARN of a stream's registered consumer, such as `},
		"every consumer":     {withConsumer(streamARN + "/consumer/*"), "Stream.ConsumerARNs[0]: "},
		"another stream's":   {withConsumer("arn:aws:kinesis:eu-central-1:111111111111:stream/other/consumer/a:1"), "Stream.ConsumerARNs[0]: not a consumer of Stream.StreamARN " + streamARN},
		"no bucket":          {withRaw(func(o *access.ObjectSource) { o.BucketName = nil }), "Raw.BucketName: not set"},
		"the whole bucket":   {withRaw(func(o *access.ObjectSource) { o.Prefix = "" }), "Raw.Prefix: "},
		"a key's alias":      {withRaw(func(o *access.ObjectSource) { o.KeyARN = pulumi.String("alias/logs") }), "Raw.KeyARN: "},
		"a table, no base":   {withRaw(func(o *access.ObjectSource) { o.TableName = pulumi.String("raw_logs") }), "Raw.DatabaseName: not set, but Raw.TableName is; allowed: the exact name in the Glue catalog"},
		"a base, no table":   {withRaw(func(o *access.ObjectSource) { o.DatabaseName = pulumi.String("logs") }), "Raw.TableName: not set, but Raw.DatabaseName is"},
		"every table":        {withRaw(func(o *access.ObjectSource) { o.DatabaseName, o.TableName = pulumi.String("logs"), pulumi.String("*") }), `Raw.TableName: not allowed (given: "*"); allowed: the exact name`},
		"every database":     {withRaw(func(o *access.ObjectSource) { o.DatabaseName, o.TableName = pulumi.String("a*"), pulumi.String("a") }), `Raw.DatabaseName: not allowed (given: "a*")`},
		"a path of database": {withRaw(func(o *access.ObjectSource) { o.DatabaseName, o.TableName = pulumi.String("a/b"), pulumi.String("a") }), `Raw.DatabaseName: not allowed (given: "a/b")`},
	} {
		t.Run(name, func(t *testing.T) {
			args := minimalReader()
			test.change(args)
			recording, _, err := reader(args, mocks.Up)
			refused(t, recording, err, test.want, `reader role "reader"`)
		})
	}
}
