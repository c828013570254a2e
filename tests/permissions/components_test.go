package permissions

import (
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"example.com/log-pipeline/components/access"
	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/stream"
	"example.com/log-pipeline/tests/mocks"
)

// streamReader makes what the pipeline does not: a role that reads the stream.
func streamReader(ctx *pulumi.Context) error {
	store, err := lake.New(ctx, "lake", &lake.Args{AccountID: dataAccount, Region: mocks.Region})
	if err != nil {
		return err
	}
	logs, err := stream.New(ctx, "logs", &stream.Args{StreamName: "logs", KeyARN: store.KeyARN, Consumers: []string{"metrics"}})
	if err != nil {
		return err
	}
	_, err = access.NewReader(ctx, "reader", &access.ReaderArgs{
		AccountID: dataAccount, Region: mocks.Region, RoleName: "team-a-reader", ExternalID: readerExternalID,
		Readers: []string{"arn:aws:iam::" + readerAccount + ":role/" + analyst},
		Stream: &access.StreamSource{
			StreamARN: logs.ARN, KeyARN: store.KeyARN,
			ConsumerARNs: []pulumi.StringInput{logs.ConsumerARNs.MapIndex(pulumi.String("metrics"))},
		},
	})
	return err
}

func streamReaderHops(w *world) []hop {
	consumer := w.the(consumerType, "logs-consumer-metrics")
	return readerHops(w, reading{
		role: w.role("reader-role"), reader: analyst, externalID: readerExternalID, stream: w.stream(),
		consumers: []target{{arn: consumer.text("arn"), account: consumer.account}},
	}, w.key())
}

func TestAReaderOfTheStream(t *testing.T) {
	w := newWorld(t, streamReader)
	hops := append(lakeHops(w, w.stream(), w.key(), ""), streamReaderHops(w)...)
	prove(t, w, hops, map[string]string{"reader-role, Readers, for anybody": redundantRoot})
}

// Each fault here is one that the tests above are there to find.
func TestTheProofFails(t *testing.T) {
	w := newWorld(t, streamReader)
	hops := streamReaderHops(w)
	trust := w.policies["reader-role"]
	w.policies["reader-role"] = trust.with(0, trust.Statement[0].on("StringEquals", "sts:ExternalId"))
	reads := w.policies["reader-role-policy"]
	read := reads.Statement[0]
	read.Action = append(slices.Clone(read.Action), "kinesis:PutRecords", "kinesis:TagStream")
	read.Resource = []string{"*"}
	w.policies["reader-role-policy"] = reads.with(0, read)
	w.roles = append(w.roles, &role{arn: "arn:aws:iam::111111111111:role/new", trust: "new-role"})
	hops[0].denied["a key that there is not"] = with("aws:SourceAcount", dataAccount)

	found := strings.Join(faults(t, w, hops, map[string]string{
		"reader-role, Readers, without the condition StringEquals aws:PrincipalArn": "no reason",
		"reader-role, Writers, for anybody":                                         "no reason",
	}), "\n")
	for what, want := range map[string]string{
		"a condition is gone":           "assumes reader-role: allowed too: no ExternalId",
		"a resource is a wildcard":      "reads the stream: allowed too: another stream",
		"an action is too many":         "reads the stream: allowed too: writing",
		"nobody needs an action":        "without kinesis:TagStream: add a request that needs it",
		"a policy has nothing about it": "lake-raw-policy, TLSOnly, left out: add a request that is denied",
		"a role has no requests":        "the role new-role (arn:aws:iam::111111111111:role/new): add a request about its sessions that is denied",
		"a request makes no sense":      "a key that there is not: the request makes no sense",
		"an excuse is wrong":            "aws:PrincipalArn: a request notices it, against what is said",
		"an excuse is for nothing":      "there is no mutant reader-role, Writers, for anybody",
	} {
		assert.Contains(t, found, want, what)
	}
}
