package access_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/access"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/tests/mocks"
)

// outputs are those of any component here, empty where it has none or where they are not known.
type outputs struct{ roleARN, roleName, counterpart, providerARN string }

func await(ctx *pulumi.Context, roleARN, roleName, counterpart pulumi.StringOutput, rest ...pulumi.StringOutput) (outputs, error) {
	values := make([]string, 4)
	for i, output := range append([]pulumi.StringOutput{roleARN, roleName, counterpart}, rest...) {
		result, err := internals.UnsafeAwaitOutput(ctx.Context(), output)
		if err != nil {
			return outputs{}, err
		}
		values[i], _ = result.Value.(string)
	}
	return outputs{values[0], values[1], values[2], values[3]}, nil
}

// refused says that there was one fault, of that field, and that nothing came of it.
func refused(t *testing.T, recording *mocks.Recording, err error, want, component string) {
	t.Helper()
	require.ErrorContains(t, err, component+": "+want)
	var faults fault.List
	require.ErrorAs(t, err, &faults)
	assert.Len(t, faults, 1)
	assert.Empty(t, recording.All(), "nothing is registered when anything is wrong")
}

// Each half is what the other half's counterpart asks for: two teams that never share a program fit together.
func TestTheHalvesAskForEachOther(t *testing.T) {
	fluentd, fluentdAsks := podUp(t, nil)
	writes, writerAsks := writerUp(t, nil)
	assert.Equal(t, writes.Named(t, "writer-role").Get("assumeRolePolicy"), fluentdAsks.counterpart)
	assert.Equal(t, fluentd.Named(t, "pod-role-policy").Get("policy"), writerAsks.counterpart)
}

// A role that another role assumes has an hour, whatever it allows (role chaining).
func TestSessionsLastAnHour(t *testing.T) {
	writes, _ := writerUp(t, nil)
	reads, _ := readerUp(t, nil)
	assert.EqualValues(t, 3600, writes.Named(t, "writer-role").Get("maxSessionDuration"))
	assert.EqualValues(t, 3600, reads.Named(t, "reader-role").Get("maxSessionDuration"))
}

func TestArgsOfTheCallerStayAsTheyAre(t *testing.T) {
	write := minimalWriter()
	write.Producers = []string{"arn:aws:iam::333333333333:role/b", fluentdARN, fluentdARN}
	recording, _, err := writer(write, mocks.Up)
	require.NoError(t, err)
	assert.Equal(t, []string{"arn:aws:iam::333333333333:role/b", fluentdARN, fluentdARN}, write.Producers)
	assert.Equal(t, []string{fluentdARN, "arn:aws:iam::333333333333:role/b"},
		recording.Named(t, "writer-role").Policy(t, "assumeRolePolicy").Statement[0].Condition["StringEquals"]["aws:PrincipalArn"],
		"their order is no difference")
}

// The whole alphabet of external ids, and both ends of their length.
func TestExternalIDsThatSTSTakes(t *testing.T) {
	for _, id := range []string{"ab", strings.Repeat("a", 1224), "Az09_+=,.@:/-"} {
		_, _, err := writer(withExternalID(id), mocks.Up)
		require.NoError(t, err, id)
	}
	for _, id := range []string{"a", "a b", "a*", "ä-ä"} {
		recording, _, err := writer(withExternalID(id), mocks.Up)
		refused(t, recording, err, "ExternalID: ", `writer role "writer"`)
	}
}

func withExternalID(id string) *access.WriterArgs {
	args := minimalWriter()
	args.ExternalID = id
	return args
}

// What does not fit to a region or an account that is wrong itself is not told: it may be right.
func TestFaultsOfTheWhereaboutsComeFirst(t *testing.T) {
	paths := func(faults fault.List) []fault.Path {
		var paths []fault.Path
		for _, f := range faults.Trusted() {
			paths = append(paths, f.Path)
		}
		return paths
	}
	write := minimalWriter()
	write.AccountID, write.Region, write.ExternalID = "1", "eu-wset-1", ""
	assert.Equal(t, []fault.Path{"AccountID", "Region"}, paths(write.Check("writer")))
	write = minimalWriter()
	write.Region, write.ExternalID = "eu-wset-1", ""
	write.StreamARN = pulumi.String("arn:aws:kinesis:eu-central-1:222222222222:stream/logs")
	assert.Equal(t, []fault.Path{"Region", "StreamARN"}, paths(write.Check("writer")), "its account is another's, whatever the region")
	read := minimalReader()
	read.Region = "eu-wset-1"
	assert.Equal(t, []fault.Path{"Region"}, paths(read.Check("reader")))
	identity := minimalPod()
	identity.AccountID, identity.ExternalID, identity.ProviderARN = "1", "", "arn:aws:iam::222222222222:oidc-provider/oidc.example.com/id/A"
	assert.Equal(t, []fault.Path{"AccountID"}, paths(identity.Check("pod")))
}

func TestNilArgsHaveFaults(t *testing.T) {
	assert.NotEmpty(t, (*access.PodIdentityArgs)(nil).Check("pod"))
	assert.NotEmpty(t, (*access.WriterArgs)(nil).Check("writer"))
	assert.NotEmpty(t, (*access.ReaderArgs)(nil).Check("reader"))
	_, err := (*access.WriterArgs)(nil).Trust()
	assert.ErrorContains(t, err, "Producers: not set")
}

// Whoever makes the role by other means has neither stream nor key.
func TestTrustNeedsOnlyWhatItIsMadeOf(t *testing.T) {
	args := minimalWriter()
	recording, _, err := writer(args, mocks.Up)
	require.NoError(t, err)
	args.StreamARN, args.KeyARN = nil, nil
	trust, err := args.Trust()
	require.NoError(t, err)
	assert.Equal(t, recording.Named(t, "writer-role").Get("assumeRolePolicy"), trust)
	args.Producers = []string{"*"}
	_, err = args.Trust()
	assert.ErrorContains(t, err, `Producers: "*": not allowed`)
}
