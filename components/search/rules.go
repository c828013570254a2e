package search

import (
	"regexp"
	"strconv"

	"example.com/log-pipeline/components/internal/loggroup"
	"example.com/log-pipeline/components/internal/network"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/searchindex"
)

// What the settings take, where it is not said by the packages capacity, searchindex and lambdacode.
var (
	// EngineVersions is for the version of OpenSearch, as docs.aws.amazon.com/opensearch-service/latest/APIReference/API_CreateDomain.html
	// writes it, from [searchindex.OldestEngine] on.
	EngineVersions = engineVersions()
	// UserPoolIDs is for Cognito's user pools (docs.aws.amazon.com/opensearch-service/latest/APIReference/API_CognitoOptions.html).
	UserPoolIDs = fault.Matching(regexp.MustCompile(`^[a-z0-9-]+_[0-9a-zA-Z]+$`), "the id of a user pool, such as eu-west-1_AbCdEfGhI")
	// IdentityPoolIDs is for its identity pools.
	IdentityPoolIDs = fault.Matching(regexp.MustCompile(`^[a-z0-9-]+:[0-9a-f-]+$`), "the id of an identity pool, such as eu-west-1:0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f")
	// SubnetIDs is for the subnets of a network.
	SubnetIDs = network.SubnetID
	// SecurityGroupIDs is for its security groups.
	SecurityGroupIDs = network.SecurityGroupID
	// LogRetentionDays is what CloudWatch Logs takes.
	LogRetentionDays = loggroup.RetentionDays

	sha256Hex = fault.Matching(regexp.MustCompile(`^[0-9a-f]{64}$`), "a SHA-256 in 64 hex digits")
)

// version is one of OpenSearch.
type version struct{ major, minor int }

var versionPattern = regexp.MustCompile(`^OpenSearch_([0-9]{1,2})\.([0-9]{1,2})$`)

// oldest takes the documents of what is inside.
var oldest, _ = parseVersion(searchindex.OldestEngine)

func parseVersion(text string) (version, bool) {
	parts := versionPattern.FindStringSubmatch(text)
	if parts == nil {
		return version{}, false
	}
	major, _ := strconv.Atoi(parts[1])
	minor, _ := strconv.Atoi(parts[2])
	return version{major, minor}, true
}

func (v version) before(other version) bool {
	return v.major < other.major || v.major == other.major && v.minor < other.minor
}

func engineVersions() fault.Rule[string] {
	rule := fault.Matching(versionPattern, searchindex.OldestEngine+" or later, such as "+DefaultEngineVersion)
	isOne := rule.Refuse
	rule.Refuse = func(text string) (fault.Problem, bool) {
		if v, ok := parseVersion(text); ok && v.before(oldest) {
			return fault.Problemf("older than %d.%d, which first had all that the ingest pipeline needs", oldest.major, oldest.minor), true
		}
		return isOne(text)
	}
	return rule
}
