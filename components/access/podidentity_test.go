package access_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/access"
	"example.com/log-pipeline/tests/mocks"
)

const (
	serviceAccount = "222222222222"
	issuer         = "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
	fluentdARN     = "arn:aws:iam::222222222222:role/dev-a-fluentd"
	writerARN      = "arn:aws:iam::111111111111:role/dev-writer"
	externalID     = "dev-logs"

	providerType = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
)

func minimalPod() *access.PodIdentityArgs {
	return &access.PodIdentityArgs{
		AccountID: serviceAccount, Region: mocks.Region, RoleName: "dev-a-fluentd", Issuer: issuer,
		ServiceAccount: access.ServiceAccount{Namespace: "logging", Name: "log-pipeline-fluentd"},
		WriterRoleARN:  writerARN, ExternalID: externalID,
	}
}

func pod(args *access.PodIdentityArgs, run func(pulumi.RunFunc) (*mocks.Recording, error)) (*mocks.Recording, outputs, error) {
	var out outputs
	recording, err := run(func(ctx *pulumi.Context) error {
		p, err := access.NewPodIdentity(ctx, "pod", args)
		if err != nil {
			return err
		}
		out, err = await(ctx, p.RoleARN, p.RoleName, p.Counterpart, p.ProviderARN)
		return err
	})
	return recording, out, err
}

func podUp(t *testing.T, change func(*access.PodIdentityArgs)) (*mocks.Recording, outputs) {
	t.Helper()
	args := minimalPod()
	if change != nil {
		change(args)
	}
	recording, out, err := pod(args, mocks.Up)
	require.NoError(t, err)
	return recording, out
}

func TestPodIdentityPoliciesAreGolden(t *testing.T) {
	recording, out := podUp(t, nil)
	role := recording.Named(t, "pod-role")
	mocks.Golden(t, "podidentity-trust.json", role.Get("assumeRolePolicy").(string))
	mocks.Golden(t, "podidentity-policy.json", recording.Named(t, "pod-role-policy").Get("policy").(string))
	mocks.Golden(t, "podidentity-counterpart.json", out.counterpart)
	assert.Equal(t, "dev-a-fluentd", role.Get("name"), "another account must know the name")
	assert.Equal(t, "dev-a-fluentd", out.roleName)
}

func TestProviderIsMadeWithTheAudienceAndNoThumbprint(t *testing.T) {
	recording, out := podUp(t, nil)
	provider := recording.Named(t, "pod-oidc")
	assert.Equal(t, providerType, provider.Type)
	assert.Equal(t, issuer, provider.Get("url"))
	assert.Equal(t, []any{"sts.amazonaws.com"}, provider.Get("clientIdLists"))
	assert.NotContains(t, provider.Inputs, "thumbprintLists", "IAM looks it up where it needs one")
	assert.True(t, recording.Named(t, "pod-role").DependsOn(provider))
	assert.Contains(t, out.providerARN, ":oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/")
}

// Whoever reads the preview, or checks it by policy, sees whom the role trusts.
func TestTrustIsKnownInPreview(t *testing.T) {
	recording, _, err := pod(minimalPod(), mocks.Preview)
	require.NoError(t, err)
	assert.NotContains(t, recording.Named(t, "pod-role").Unknown, "assumeRolePolicy")
}

// An account has one provider for each issuer: a second is refused.
func TestExistingProviderIsUsedAndNoneMade(t *testing.T) {
	const arn = "arn:aws:iam::222222222222:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
	recording, out := podUp(t, func(a *access.PodIdentityArgs) { a.ProviderARN = arn })
	assert.Empty(t, recording.OfType(providerType))
	assert.Equal(t, arn, out.providerARN)
	trust := recording.Named(t, "pod-role").Policy(t, "assumeRolePolicy").Statement[0]
	assert.Equal(t, map[string][]string{"Federated": {arn}}, trust.Principal)
}

func TestOneAccountNeedsNoExternalID(t *testing.T) {
	recording, out := podUp(t, func(a *access.PodIdentityArgs) {
		a.WriterRoleARN, a.ExternalID = "arn:aws:iam::222222222222:role/dev-writer", ""
	})
	assert.Empty(t, recording.Named(t, "pod-role-policy").Policy(t, "policy").Statement[0].Condition)
	assert.NotContains(t, out.counterpart, "ExternalId")
	assert.Contains(t, out.counterpart, "aws:PrincipalArn", "the account's other roles are kept out all the same")
}

func TestPodIdentityFollowsThePartition(t *testing.T) {
	recording, out := podUp(t, func(a *access.PodIdentityArgs) {
		a.Region, a.WriterRoleARN = "cn-north-1", "arn:aws-cn:iam::111111111111:role/dev-writer"
	})
	assert.Equal(t, []string{"arn:aws-cn:iam::111111111111:role/dev-writer"},
		recording.Named(t, "pod-role-policy").Policy(t, "policy").Statement[0].Resource)
	assert.Contains(t, out.counterpart, "arn:aws-cn:iam::222222222222:root")
}

// Whoever runs the other account gets it before anything is made.
func TestCounterpartsAreKnownInPreview(t *testing.T) {
	_, out, err := pod(minimalPod(), mocks.Preview)
	require.NoError(t, err)
	assert.Contains(t, out.counterpart, fluentdARN)
	_, out, err = writer(minimalWriter(), mocks.Preview)
	require.NoError(t, err)
	assert.Contains(t, out.counterpart, writerARN)
	_, out, err = reader(minimalReader(), mocks.Preview)
	require.NoError(t, err)
	assert.Contains(t, out.counterpart, readerARN)
}

func TestPodIdentityFaults(t *testing.T) {
	type args = access.PodIdentityArgs
	longLabel := strings.Repeat("a", 64)
	for name, test := range map[string]struct {
		change func(*args)
		want   string
	}{
		"account id":         {func(a *args) { a.AccountID = "22222222222" }, `AccountID: not allowed: an unquoted id that starts with 0 loses digits in YAML, so quote it (given: "22222222222"); allowed: 12 digits`},
		"region":             {func(a *args) { a.Region = "moon-1" }, `Region: not a region that this program knows (given: "moon-1")`},
		"no role name":       {func(a *args) { a.RoleName = "" }, "RoleName: not set, but required; allowed: 1 to 64 letters"},
		"long role name":     {func(a *args) { a.RoleName = longLabel + "a" }, "RoleName: not allowed (given: "},
		"path in role name":  {func(a *args) { a.RoleName = "a/b" }, `RoleName: not allowed (given: "a/b")`},
		"no issuer":          {func(a *args) { a.Issuer = "" }, "Issuer: not set, but required; allowed: an https URL"},
		"plain issuer":       {func(a *args) { a.Issuer = "http://oidc.example.com/id/A" }, `Issuer: not allowed (given: "http://oidc.example.com/id/A"); allowed: an https URL`},
		"issuer, no scheme":  {func(a *args) { a.Issuer = "oidc.example.com/id/A" }, "Issuer: "},
		"issuer with port":   {func(a *args) { a.Issuer = "https://oidc.example.com:443/id/A" }, "Issuer: "},
		"issuer with slash":  {func(a *args) { a.Issuer = "https://oidc.example.com/id/A/" }, "Issuer: "},
		"issuer with query":  {func(a *args) { a.Issuer = "https://oidc.example.com/id?a=b" }, "Issuer: "},
		"wildcard in issuer": {func(a *args) { a.Issuer = "https://*.example.com/id" }, "Issuer: "},
		"long issuer":        {func(a *args) { a.Issuer = "https://a.b/" + strings.Repeat("a", 244) }, "Issuer: "},
		"provider of another issuer": {
			func(a *args) { a.ProviderARN = "arn:aws:iam::222222222222:oidc-provider/oidc.example.com/id/A" },
			"ProviderARN: not the provider of Issuer in AccountID (given: \"arn:aws:iam::222222222222:oidc-provider/oidc.example.com/id/A\"); " +
				"nearest: arn:aws:iam::222222222222:oidc-provider/" + strings.TrimPrefix(issuer, "https://"),
		},
		"provider of another account": {
			func(a *args) {
				a.ProviderARN = "arn:aws:iam::111111111111:oidc-provider/" + strings.TrimPrefix(issuer, "https://")
			},
			"ProviderARN: not the provider of Issuer in AccountID",
		},
		"a role as provider":   {func(a *args) { a.ProviderARN = writerARN }, "ProviderARN: not allowed"},
		"no namespace":         {func(a *args) { a.ServiceAccount.Namespace = "" }, "ServiceAccount.Namespace: not set"},
		"wildcard namespace":   {func(a *args) { a.ServiceAccount.Namespace = "*" }, `ServiceAccount.Namespace: not allowed (given: "*"); allowed: 1 to 63 lower-case letters`},
		"long namespace":       {func(a *args) { a.ServiceAccount.Namespace = longLabel }, "ServiceAccount.Namespace: "},
		"no ServiceAccount":    {func(a *args) { a.ServiceAccount.Name = "" }, "ServiceAccount.Name: not set"},
		"any ServiceAccount":   {func(a *args) { a.ServiceAccount.Name = "*" }, `ServiceAccount.Name: not allowed (given: "*"); allowed: 1 to 253 lower-case letters`},
		"wildcard in name":     {func(a *args) { a.ServiceAccount.Name = "log-pipeline-?" }, "ServiceAccount.Name: "},
		"both in the name":     {func(a *args) { a.ServiceAccount.Name = "logging:fluentd" }, "ServiceAccount.Name: "},
		"long name":            {func(a *args) { a.ServiceAccount.Name = strings.Repeat("a", 254) }, "ServiceAccount.Name: "},
		"no writer":            {func(a *args) { a.WriterRoleARN = "" }, "WriterRoleARN: not set, but required; allowed: the ARN of an IAM role"},
		"any writer":           {func(a *args) { a.WriterRoleARN = "arn:aws:iam::111111111111:role/*" }, "WriterRoleARN: "},
		"a user as writer":     {func(a *args) { a.WriterRoleARN = "arn:aws:iam::111111111111:user/a" }, "WriterRoleARN: "},
		"a session as writer":  {func(a *args) { a.WriterRoleARN = "arn:aws:sts::111111111111:assumed-role/dev-writer/a" }, "WriterRoleARN: "},
		"short account":        {func(a *args) { a.WriterRoleARN = "arn:aws:iam::1111:role/dev-writer" }, "WriterRoleARN: "},
		"another partition":    {func(a *args) { a.WriterRoleARN = "arn:aws-cn:iam::111111111111:role/dev-writer" }, "WriterRoleARN: the role is in the partition aws-cn, and the region eu-central-1 in aws"},
		"itself":               {func(a *args) { a.WriterRoleARN = fluentdARN }, "WriterRoleARN: the role itself"},
		"no external id":       {func(a *args) { a.ExternalID = "" }, "ExternalID: not set, and " + writerARN + " is of another account"},
		"external id too long": {func(a *args) { a.ExternalID = strings.Repeat("a", 1225) }, "ExternalID: "},
		"wildcard external id": {func(a *args) { a.ExternalID = "${aws:userid}" }, `ExternalID: not allowed (given: "${aws:userid}"); allowed: 2 to 1224`},
	} {
		t.Run(name, func(t *testing.T) {
			args := minimalPod()
			test.change(args)
			recording, _, err := pod(args, mocks.Up)
			refused(t, recording, err, test.want, `pod identity "pod"`)
		})
	}
}
