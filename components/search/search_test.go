package search_test

import (
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/search"
	"example.com/log-pipeline/internal/component"
	"example.com/log-pipeline/tests/mocks"
)

const (
	keyARN     = "arn:aws:kms:eu-central-1:111111111111:key/k"
	writerARN  = "arn:aws:iam::111111111111:role/writer-role-0a1b2c3"
	developers = "arn:aws:iam::111111111111:role/developers"
	support    = "arn:aws:iam::111111111111:role/support"
	operators  = "arn:aws:iam::111111111111:role/operators"
	codeSHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
)

func minimal() *search.Args {
	return &search.Args{
		AccountID: mocks.AccountID, Region: mocks.Region, KeyARN: pulumi.String(keyARN), LogKeyARN: pulumi.String(keyARN),
		Code: pulumi.NewFileArchive("function.zip"), CodeSHA256: codeSHA256,
		Access: search.Access{WriterRoleARN: pulumi.String(writerARN)},
	}
}

// everything has all that makes more resources and more statements.
func everything(a *search.Args) {
	a.Domain = search.Domain{
		EngineVersion: "OpenSearch_2.17", InstanceType: "r6g.xlarge.search", Instances: 6, Zones: 3, VolumeGiB: 3000, Masters: &search.Masters{},
	}
	a.Index.Replicas = 1
	a.Access.ReaderRoleARNs = []string{support, developers, support}
	a.Access.AdminRoleARNs = []string{operators}
	a.Access.Cognito = &search.Cognito{UserPoolID: "eu-central-1_AbCdEfGhI", IdentityPoolID: "eu-central-1:0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f"}
	a.Network = &search.Network{
		Subnets: []search.Subnet{
			{ID: "subnet-0a1b2c3d", Zone: "eu-central-1a"}, {ID: "subnet-1a1b2c3d", Zone: "eu-central-1b"}, {ID: "subnet-2a1b2c3d", Zone: "eu-central-1c"},
		},
		DomainSecurityGroupIDs: []string{"sg-0a1b2c3d"}, ClientSecurityGroupIDs: []string{"sg-1a1b2c3d"},
	}
}

func create(args *search.Args) (*mocks.Recording, error) {
	return mocks.Up(func(ctx *pulumi.Context) error {
		_, err := search.New(ctx, "search", args)
		return err
	})
}

func up(t *testing.T, changes ...func(*search.Args)) *mocks.Recording {
	t.Helper()
	args := minimal()
	for _, change := range changes {
		change(args)
	}
	recording, err := create(args)
	require.NoError(t, err)
	return recording
}

func TestDomainDefaults(t *testing.T) {
	domain := up(t).Named(t, "search-domain")
	inputs := map[string]any{}
	for name, value := range domain.Inputs {
		if name != "logPublishingOptions" {
			inputs[name] = value
		}
	}
	assert.Equal(t, map[string]any{
		"engineVersion": "OpenSearch_2.19",
		"ipAddressType": "ipv4",
		"clusterConfig": map[string]any{"instanceType": "m7g.large.search", "instanceCount": 1.0, "zoneAwarenessEnabled": false},
		"ebsOptions": map[string]any{
			"ebsEnabled": true, "volumeType": "gp3", "volumeSize": 100.0, "iops": 3000.0, "throughput": 125.0,
		},
		"encryptAtRest":         map[string]any{"enabled": true, "kmsKeyId": keyARN},
		"nodeToNodeEncryption":  map[string]any{"enabled": true},
		"domainEndpointOptions": map[string]any{"enforceHttps": true, "tlsSecurityPolicy": "Policy-Min-TLS-1-2-PFS-2023-10"},
		"advancedSecurityOptions": map[string]any{
			"enabled": true, "internalUserDatabaseEnabled": false,
			"masterUserOptions": map[string]any{"masterUserArn": "arn:aws:iam::111111111111:role/search-function-role-0a1b2c3"},
		},
		"autoTuneOptions":       map[string]any{"desiredState": "ENABLED", "useOffPeakWindow": true},
		"offPeakWindowOptions":  map[string]any{"enabled": true},
		"softwareUpdateOptions": map[string]any{"autoSoftwareUpdateEnabled": true},
	}, inputs, "and the name is generated")
}

func TestWhatAUserDecidesReachesTheDomain(t *testing.T) {
	recording := up(t, everything)
	domain := recording.Named(t, "search-domain")
	assert.Equal(t, "OpenSearch_2.17", domain.Get("engineVersion"))
	assert.Equal(t, map[string]any{
		"instanceType": "r6g.xlarge.search", "instanceCount": 6.0,
		"zoneAwarenessEnabled": true, "zoneAwarenessConfig": map[string]any{"availabilityZoneCount": 3.0},
		"dedicatedMasterEnabled": true, "dedicatedMasterType": "m7g.large.search", "dedicatedMasterCount": 3.0,
	}, domain.Get("clusterConfig"))
	assert.Equal(t, map[string]any{
		"subnetIds": []any{"subnet-0a1b2c3d", "subnet-1a1b2c3d", "subnet-2a1b2c3d"}, "securityGroupIds": []any{"sg-0a1b2c3d"},
	}, domain.Get("vpcOptions"))
	assert.Equal(t, map[string]any{
		"enabled": true, "userPoolId": "eu-central-1_AbCdEfGhI", "identityPoolId": "eu-central-1:0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f",
		"roleArn": "arn:aws:iam::111111111111:role/search-dashboards-role-0a1b2c3",
	}, domain.Get("cognitoOptions"))
	assert.True(t, domain.DependsOn(recording.Named(t, "search-dashboards-role-policy")))
}

// The provider gives up after an hour, and fails the update with a domain half made.
func TestADomainMayTakeLongerThanTheProviderWaits(t *testing.T) {
	assert.Equal(t, "2h", up(t).Named(t, "search-domain").CreateTimeout)
}

// Less than these is refused, and so is leaving them out for a volume that was enlarged.
func TestAVolumeHasAllThatItHasForItsPrice(t *testing.T) {
	for gib, want := range map[int][2]float64{
		10: {3000, 125}, 169: {3000, 125}, 170: {3000, 250}, 1000: {3000, 250}, 1001: {3003, 250}, 3000: {9000, 250}, 3001: {9003, 500},
		6000: {16000, 500}, 16000: {16000, 1000},
	} {
		domain := up(t, func(a *search.Args) { a.Domain.InstanceType, a.Domain.VolumeGiB = "r6g.8xlarge.search", gib }).Named(t, "search-domain")
		assert.Equal(t, want, [2]float64{domain.Get("ebsOptions", "iops").(float64), domain.Get("ebsOptions", "throughput").(float64)}, gib)
	}
}

func TestAutoTuneIsOffWhereThereIsNone(t *testing.T) {
	off := map[string]any{"desiredState": "DISABLED"}
	burstable := up(t, func(a *search.Args) { a.Domain.InstanceType = "t3.small.search" })
	assert.Equal(t, off, burstable.Named(t, "search-domain").Get("autoTuneOptions"))
	elsewhere := up(t, func(a *search.Args) { a.Region = "us-gov-west-1" })
	assert.Equal(t, off, elsewhere.Named(t, "search-domain").Get("autoTuneOptions"))
}

func TestEachKindOfLogHasItsGroupAndThePolicyIsThereFirst(t *testing.T) {
	recording := up(t, func(a *search.Args) { a.LogRetentionDays = 30 })
	policy, domain := recording.Named(t, "search-log-policy"), recording.Named(t, "search-domain")
	assert.Equal(t, "log-pipeline-test-search", policy.Get("policyName"))
	assert.Len(t, recording.OfType("aws:cloudwatch/logResourcePolicy:LogResourcePolicy"), 1, "a region has ten")
	assert.True(t, domain.DependsOn(policy))
	published := map[any]any{}
	for _, option := range domain.Get("logPublishingOptions").([]any) {
		option := option.(map[string]any)
		assert.Equal(t, true, option["enabled"])
		published[option["logType"]] = option["cloudwatchLogGroupArn"]
	}
	kinds := map[string]string{
		"ES_APPLICATION_LOGS": "search-error-log", "AUDIT_LOGS": "search-audit-log", "SEARCH_SLOW_LOGS": "search-slow-search-log",
		"INDEX_SLOW_LOGS": "search-slow-index-log",
	}
	assert.Len(t, published, len(kinds))
	for kind, name := range kinds {
		group := recording.Named(t, name)
		assert.Equal(t, "arn:aws:logs:eu-central-1:111111111111:log-group:"+name+"-0a1b2c3", published[kind])
		assert.EqualValues(t, 30, group.Get("retentionInDays"))
		assert.Equal(t, keyARN, group.Get("kmsKeyId"))
		assert.Contains(t, policy.Policy(t, "policyDocument").Named(t, "LogsOfTheDomain").Resource, published[kind].(string)+":*")
	}
}

func TestPolicies(t *testing.T) {
	recording := up(t, everything)
	for file, of := range map[string][2]string{
		"log-policy.json":             {"search-log-policy", "policyDocument"},
		"access-policy.json":          {"search-access-policy", "accessPolicies"},
		"function-trust.json":         {"search-function-role", "assumeRolePolicy"},
		"function-permissions.json":   {"search-function-role-policy", "policy"},
		"dashboards-trust.json":       {"search-dashboards-role", "assumeRolePolicy"},
		"dashboards-permissions.json": {"search-dashboards-role-policy", "policy"},
	} {
		mocks.Golden(t, file, recording.Named(t, of[0]).Get(of[1]).(string))
	}
}

func TestWithoutANetworkTheRoleHasNothingOfEC2AndNobodyElseGetsIn(t *testing.T) {
	recording := up(t)
	var sids []string
	for _, s := range recording.Named(t, "search-function-role-policy").Policy(t, "policy").Statement {
		sids = append(sids, s.Sid)
	}
	assert.Equal(t, []string{"MakeTheInside", "Log"}, sids)
	assert.Empty(t, recording.OfType("aws:opensearch/domainPolicy:DomainPolicy"), "it would name nobody")
	assert.Nil(t, recording.Named(t, "search-function").Get("vpcConfig"))
	assert.Nil(t, recording.Named(t, "search-domain").Get("vpcOptions"))
	assert.Nil(t, recording.Named(t, "search-domain").Get("cognitoOptions"))
}

// A role cannot be passed across accounts, and the identity pool signs nobody in as one of another.
func TestReadersOfOtherAccountsSearchAndAreNotPassed(t *testing.T) {
	const guests = "arn:aws:iam::222222222222:role/guests"
	recording := up(t, everything, func(a *search.Args) { a.Access.ReaderRoleARNs = append(a.Access.ReaderRoleARNs, guests) })
	assert.Contains(t, recording.Named(t, "search-access-policy").Policy(t, "accessPolicies").Named(t, "SearchAndSee").Principal["AWS"], guests)
	passed := recording.Named(t, "search-dashboards-role-policy").Policy(t, "policy").Named(t, "PassTheRolesOfPeople").Resource
	assert.Equal(t, []string{developers, operators, support}, passed)
}

func TestWhatTheDomainNeedsIsKeptWithIt(t *testing.T) {
	kept := map[string]bool{
		"search-domain": true, "search-error-log": true, "search-audit-log": true, "search-slow-search-log": true, "search-slow-index-log": true,
		"search-function-log": true, "search-log-policy": true, "search-access-policy": true, "search-function-role": true,
		"search-function-role-policy": true, "search-dashboards-role": true, "search-dashboards-role-policy": true,
	}
	for _, r := range up(t, everything, func(a *search.Args) { a.Protect = true }).All() {
		if r.Custom {
			assert.Equal(t, kept[r.Name], r.RetainOnDelete, r.Name)
			assert.Equal(t, r.Name == "search-domain", r.Protect, r.Name)
		}
	}
}

// What is not known in a preview yet: the writer's role and the domain.
func TestPreviewBeforeTheFirstUpdate(t *testing.T) {
	program := func(ctx *pulumi.Context) error {
		writer, err := iam.NewRole(ctx, "writer", &iam.RoleArgs{AssumeRolePolicy: pulumi.String("{}")})
		if err != nil {
			return err
		}
		args := minimal()
		everything(args)
		args.Access.WriterRoleARN = writer.Arn
		_, err = search.New(ctx, "search", args)
		return err
	}
	recording, err := mocks.Preview(program)
	require.NoError(t, err)
	again, err := mocks.Up(program)
	require.NoError(t, err)
	assert.Len(t, again.All(), len(recording.All()), "preview and update register the same")
	for name, input := range map[string]string{
		"search-log-policy": "policyDocument", "search-access-policy": "accessPolicies", "search-function-role-policy": "policy",
		"search-inside": "input", "search-function": "environment",
	} {
		assert.Contains(t, recording.Named(t, name).Unknown, input, name)
		assert.NotContains(t, again.Named(t, name).Unknown, input, name)
	}
	assert.Contains(t, again.Named(t, "search-inside").Get("input"), "role/writer-0a1b2c3")
}

func TestOutputs(t *testing.T) {
	known := map[string]any{}
	var ready int
	_, err := mocks.Up(func(ctx *pulumi.Context) error {
		s, err := search.New(ctx, "search", minimal())
		if err != nil {
			return err
		}
		ready = len(s.Ready())
		for key, output := range component.Outputs(s) {
			result, err := internals.UnsafeAwaitOutput(ctx.Context(), output.(pulumi.Output))
			if err != nil {
				return err
			}
			known[key] = result.Value
		}
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, 2, ready, "the domain and its inside")
	const host = "search-domain-0a1b2c3.eu-central-1.es.amazonaws.com"
	assert.Equal(t, map[string]any{
		"domainArn":       "arn:aws:es:eu-central-1:111111111111:domain/search-domain-0a1b2c3",
		"domainName":      "search-domain-0a1b2c3",
		"endpoint":        "https://" + host,
		"dashboardUrl":    "https://" + host + "/_dashboards",
		"functionName":    "search-function-0a1b2c3",
		"functionRoleArn": "arn:aws:iam::111111111111:role/search-function-role-0a1b2c3",
		"indexPattern":    "logs-*",
	}, known)
}

func TestCallersArgsStayAsTheyAre(t *testing.T) {
	args, same := minimal(), minimal()
	everything(args)
	everything(same)
	_, err := create(args)
	require.NoError(t, err)
	assert.Equal(t, same, args)
}
