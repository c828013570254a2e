package sweeps_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/mocks"
)

// encryption says for each type of resource how it is encrypted; nil where it holds nothing.
var encryption = map[string]func(*testing.T, mocks.Resource, *mocks.Recording){
	"aws:s3/bucketV2:BucketV2": func(t *testing.T, bucket mocks.Resource, recording *mocks.Recording) {
		rule := recording.Named(t, bucket.Name+"-encryption").
			Get("rules", 0, "applyServerSideEncryptionByDefault").(map[string]any)
		if strings.HasSuffix(bucket.Name, "-access-logs") {
			assert.Equal(t, "AES256", rule["sseAlgorithm"], "S3 delivers no access logs to a bucket with KMS encryption")
			return
		}
		assert.Equal(t, "aws:kms", rule["sseAlgorithm"])
		assert.NotEmpty(t, rule["kmsMasterKeyId"])
	},
	"aws:kinesis/stream:Stream": func(t *testing.T, r mocks.Resource, _ *mocks.Recording) {
		assert.Equal(t, "KMS", r.Get("encryptionType"))
		assert.NotEmpty(t, r.Get("kmsKeyId"))
	},
	"aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": func(t *testing.T, r mocks.Resource, _ *mocks.Recording) {
		destination := []any{"extendedS3Configuration"}
		if r.Get("destination") == "opensearch" {
			destination = []any{"opensearchConfiguration", "s3Configuration"}
		}
		assert.NotEmpty(t, r.Get(append(destination, "kmsKeyArn")...))
	},
	"aws:cloudwatch/logGroup:LogGroup": func(t *testing.T, r mocks.Resource, _ *mocks.Recording) {
		assert.NotEmpty(t, r.Get("kmsKeyId"))
		assert.NotEmpty(t, r.Get("retentionInDays"), "kept for ever unless it is said")
	},
	"aws:kms/key:Key": func(t *testing.T, r mocks.Resource, _ *mocks.Recording) {
		assert.Equal(t, true, r.Get("enableKeyRotation"))
	},

	"aws:opensearch/domain:Domain": func(t *testing.T, r mocks.Resource, _ *mocks.Recording) {
		assert.Equal(t, true, r.Get("encryptAtRest", "enabled"))
		assert.NotEmpty(t, r.Get("encryptAtRest", "kmsKeyId"))
		assert.Equal(t, true, r.Get("nodeToNodeEncryption", "enabled"))
		assert.Equal(t, true, r.Get("domainEndpointOptions", "enforceHttps"))
	},
	"aws:lambda/function:Function": func(t *testing.T, r mocks.Resource, _ *mocks.Recording) {
		assert.NotEmpty(t, r.Get("kmsKeyArn"))
	},
	"aws:s3/bucketObjectv2:BucketObjectv2": func(t *testing.T, r mocks.Resource, _ *mocks.Recording) {
		assert.Equal(t, "aws:kms", r.Get("serverSideEncryption"))
		assert.NotEmpty(t, r.Get("kmsKeyId"))
	},
	"aws:glue/securityConfiguration:SecurityConfiguration": func(t *testing.T, r mocks.Resource, _ *mocks.Recording) {
		for _, what := range []string{"cloudwatchEncryption", "jobBookmarksEncryption", "s3Encryption"} {
			assert.NotEmpty(t, r.Get("encryptionConfiguration", what, "kmsKeyArn"), what)
		}
	},
	"aws:glue/job:Job": func(t *testing.T, r mocks.Resource, _ *mocks.Recording) {
		assert.NotEmpty(t, r.Get("securityConfiguration"))
	},
	"aws:scheduler/schedule:Schedule": func(t *testing.T, r mocks.Resource, _ *mocks.Recording) {
		assert.NotEmpty(t, r.Get("kmsKeyArn"))
	},

	"aws:athena/workgroup:Workgroup": func(t *testing.T, r mocks.Resource, _ *mocks.Recording) {
		results := r.Get("configuration", "resultConfiguration", "encryptionConfiguration").(map[string]any)
		assert.Equal(t, "SSE_KMS", results["encryptionOption"])
		assert.NotEmpty(t, results["kmsKeyArn"])
		assert.Equal(t, true, r.Get("configuration", "enforceWorkgroupConfiguration"), "a client could say otherwise")
	},

	// SPICE is encrypted by QuickSight, with a key of its own or one that the account has set there.
	"aws:quicksight/dataSet:DataSet":                   nil,
	"aws:quicksight/dataSource:DataSource":             nil,
	"aws:quicksight/folder:Folder":                     nil,
	"aws:quicksight/folderMembership:FolderMembership": nil,
	"aws:quicksight/refreshSchedule:RefreshSchedule":   nil,
	"aws:cloudformation/stack:Stack":                   nil,
	"aws:athena/namedQuery:NamedQuery":                 nil,
	// The workers' disks are encrypted by a key of AWS's, and what a run logs by the log group's.
	"aws:emrserverless/application:Application": nil,

	"aws:scheduler/scheduleGroup:ScheduleGroup":                                                  nil,
	"aws:kms/alias:Alias":                                                                        nil,
	"aws:s3/bucketOwnershipControls:BucketOwnershipControls":                                     nil,
	"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock":                                     nil,
	"aws:s3/bucketPolicy:BucketPolicy":                                                           nil,
	"aws:s3/bucketVersioningV2:BucketVersioningV2":                                               nil,
	"aws:s3/bucketLoggingV2:BucketLoggingV2":                                                     nil,
	"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2":                       nil,
	"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": nil,
	"aws:kinesis/streamConsumer:StreamConsumer":                                                  nil,
	"aws:cloudwatch/logStream:LogStream":                                                         nil,
	"aws:iam/role:Role":                                                                          nil,
	"aws:iam/rolePolicy:RolePolicy":                                                              nil,
	"aws:iam/openIdConnectProvider:OpenIdConnectProvider":                                        nil,
	"aws:glue/catalogDatabase:CatalogDatabase":                                                   nil,
	"aws:glue/catalogTable:CatalogTable":                                                         nil,
	"aws:glue/catalogTableOptimizer:CatalogTableOptimizer":                                       nil,
	"aws:lakeformation/permissions:Permissions":                                                  nil,

	// Volumes are encrypted by their storage class, nodes' disks by their node group.
	"aws:cloudwatch/logResourcePolicy:LogResourcePolicy":       nil,
	"aws:opensearch/domainPolicy:DomainPolicy":                 nil,
	"aws:lambda/invocation:Invocation":                         nil, // the function's answer names documents and no more
	"kubernetes:core/v1:Namespace":                             nil,
	"kubernetes:logging.banzaicloud.io/v1beta1:Logging":        nil,
	"kubernetes:logging.banzaicloud.io/v1beta1:FluentbitAgent": nil,
	"kubernetes:logging.banzaicloud.io/v1beta1:ClusterFlow":    nil,
	"kubernetes:logging.banzaicloud.io/v1beta1:ClusterOutput":  nil,
	"kubernetes:monitoring.coreos.com/v1:PrometheusRule":       nil,
}

func TestEverythingThatHoldsDataIsEncrypted(t *testing.T) {
	each(t, func(t *testing.T, _ component, recording *mocks.Recording) {
		for _, r := range recording.All() {
			if !r.Custom {
				continue
			}
			check, known := encryption[r.Type]
			if !assert.True(t, known, "say in this sweep how %s is encrypted", r.Type) || check == nil {
				continue
			}
			t.Run(r.Name, func(t *testing.T) { check(t, r, recording) })
		}
	})
}

// What a key encrypts is deleted before it: the other way round it would be lost if its own deletion fails.
func TestTheKeyIsDeletedAfterAllThatItEncrypts(t *testing.T) {
	recording, err := mocks.Up(together)
	require.NoError(t, err)
	key := recording.Named(t, "lake-key")
	for _, name := range []string{"lake-raw", "lake-warehouse", "ingest-stream", "delivery-errors", "delivery-to-s3", "search-domain", "search-function", "search-audit-log", "search-delivery-to-opensearch"} {
		assert.True(t, recording.Named(t, name).DependsOn(key), name)
	}
}

// The lake expires what the delivery writes, and each leaves the prefixes to their defaults.
func TestTheLifecycleOfRawIsAboutWhatTheDeliveryWrites(t *testing.T) {
	recording, err := mocks.Up(together)
	require.NoError(t, err)
	destination := recording.Named(t, "delivery-to-s3").Get("extendedS3Configuration").(map[string]any)
	rules := map[string]string{}
	for _, rule := range recording.Named(t, "lake-raw-lifecycle").Get("rules").([]any) {
		rule := rule.(map[string]any)
		rules[rule["id"].(string)] = rule["filter"].(map[string]any)["prefix"].(string)
	}
	for id, input := range map[string]string{"current-objects": "prefix", "errors": "errorOutputPrefix"} {
		require.NotEmpty(t, rules[id], id)
		assert.True(t, strings.HasPrefix(destination[input].(string), rules[id]), "%s: %s", input, destination[input])
	}
}

func TestEveryBucketIsClosedToThePublicAndToPlainHTTP(t *testing.T) {
	each(t, func(t *testing.T, _ component, recording *mocks.Recording) {
		for _, bucket := range recording.OfType("aws:s3/bucketV2:BucketV2") {
			block := recording.Named(t, bucket.Name+"-public-access")
			for _, input := range []string{"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"} {
				assert.Equal(t, true, block.Get(input), "%s %s", bucket.Name, input)
			}
			tls := recording.Named(t, bucket.Name+"-policy").Policy(t, "policy").Named(t, "TLSOnly")
			assert.Equal(t, "Deny", tls.Effect)
			assert.Equal(t, "false", tls.Condition["Bool"]["aws:SecureTransport"][0])
		}
	})
}

// policyInputs are the inputs that are policies. An input that a policy could hide in and that is not here is caught
// by TestEveryPolicyIsSwept.
var policyInputs = map[string]string{
	"aws:iam/role:Role":                "assumeRolePolicy",
	"aws:iam/rolePolicy:RolePolicy":    "policy",
	"aws:s3/bucketPolicy:BucketPolicy": "policy",
	"aws:kms/key:Key":                  "policy",

	"aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyDocument",
	"aws:opensearch/domainPolicy:DomainPolicy":           "accessPolicies",
}

func TestEveryPolicyIsSwept(t *testing.T) {
	each(t, func(t *testing.T, _ component, recording *mocks.Recording) {
		for _, r := range recording.All() {
			for input, value := range r.Inputs {
				if text, ok := value.(string); ok && strings.Contains(text, `"Statement"`) {
					assert.Equal(t, policyInputs[r.Type], input, "%s %s", r.Type, r.Name)
				}
			}
		}
	})
}

// A wildcard action grants what the service adds next year. The one exception is the key's own account.
func TestNoPolicyAllowsAWildcard(t *testing.T) {
	each(t, func(t *testing.T, _ component, recording *mocks.Recording) {
		for typ, input := range policyInputs {
			for _, r := range recording.OfType(typ) {
				policy := r.Policy(t, input)
				assert.Equal(t, "2012-10-17", policy.Version)
				require.NotEmpty(t, policy.Statement, r.Name)
				for _, s := range policy.Statement {
					if s.Effect == "Allow" {
						allowsNoWildcard(t, r, s)
					}
				}
			}
		}
	})
}

func allowsNoWildcard(t *testing.T, r mocks.Resource, s mocks.Statement) {
	t.Helper()
	isKey := r.Type == "aws:kms/key:Key"
	if isKey && s.Sid == "AccountAdministration" {
		assert.Equal(t, []string{"kms:*"}, s.Action)
		assert.Equal(t, map[string][]string{"AWS": {"arn:aws:iam::" + mocks.AccountID + ":root"}}, s.Principal)
		return
	}
	for _, action := range s.Action {
		assert.NotContains(t, action, "*", "%s %s", r.Name, s.Sid)
	}
	for _, principals := range s.Principal {
		assert.NotContains(t, principals, "*", "%s %s", r.Name, s.Sid)
	}
	if !isKey && !hasNoResources(s) { // in a key policy "*" is the key itself
		assert.NotContains(t, s.Resource, "*", "%s %s", r.Name, s.Sid)
	}
	if len(s.Principal) > 0 && !takesOnPassedRoles(r, s) && !namesRoles(r, s) {
		assert.NotEmpty(t, s.Condition, "%s %s: a service or another account without a condition is a confused deputy", r.Name, s.Sid)
	}
	if r.Type == "aws:iam/role:Role" && len(s.Principal["AWS"]) > 0 {
		assert.NotEmpty(t, s.Condition["StringEquals"]["aws:PrincipalArn"], "%s %s: an account is not trusted as a whole", r.Name, s.Sid)
	}
}

// hasNoResources says whether a statement is for one of the actions that have none: of metrics the namespace has to be told.
func hasNoResources(s mocks.Statement) bool {
	none := []string{"cognito-identity:SetIdentityPoolRoles", "glue:GetSecurityConfiguration", "logs:DescribeLogGroups"}
	return describesNetworks(s) || len(s.Action) == 1 && slices.Contains(none, s.Action[0]) ||
		slices.Equal(s.Action, []string{"cloudwatch:PutMetricData"}) && len(s.Condition["StringEquals"]["cloudwatch:namespace"]) > 0
}

// takesOnPassedRoles says whether a trust policy is for Glue alone. It takes on roles only for who may pass them, and a role
// cannot be passed across accounts (docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html). Which keys of a
// condition it sends is not documented.
func takesOnPassedRoles(r mocks.Resource, s mocks.Statement) bool {
	return r.Type == "aws:iam/role:Role" && len(s.Principal) == 1 && slices.Equal(s.Principal["Service"], []string{"glue.amazonaws.com"})
}

func describesNetworks(s mocks.Statement) bool {
	return !slices.ContainsFunc(s.Action, func(action string) bool { return !strings.HasPrefix(action, "ec2:Describe") })
}

// namesRoles says whether a statement of a search domain's policy is for roles, each by its own ARN: there is no deputy.
func namesRoles(r mocks.Resource, s mocks.Statement) bool {
	return r.Type == "aws:opensearch/domainPolicy:DomainPolicy" && len(s.Principal) == 1 &&
		!slices.ContainsFunc(s.Principal["AWS"], func(arn string) bool { return !strings.Contains(arn, ":role/") })
}
