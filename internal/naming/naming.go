// Package naming makes the physical names that are set rather than generated, says which names services take, and builds
// the tags that every resource carries.
//
// Most physical names are left to Pulumi's auto-naming (the logical name and a random suffix), so that a replacement
// can be made before the old resource goes. Set are only those that another account must know, and those whose service
// refuses what auto-naming makes (Glue has underscores, a KMS alias its prefix). A [Rule] holds one service's alphabet
// and length; [Rule.Of] fits any text into it and never makes two texts alike.
package naming

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"example.com/log-pipeline/internal/fault"
)

// Rule is what one service takes as a name: a rule for a setting, which can make names too.
type Rule struct {
	fault.Rule[string]

	maxLength int
	foreign   *regexp.Regexp
	hashed    *regexp.Regexp
	lowerCase bool
	separator string
}

// service is what is known of a service's names.
type service struct {
	minLength, maxLength int
	// words name the alphabet.
	words string
	// alphabet and ends are character classes of a regular expression, without brackets: of all characters, and of the first
	// and the last where those are fewer.
	alphabet, ends string
	// separator stands between the words of a name.
	separator string
}

func (s service) rule() Rule {
	allowed := fmt.Sprintf("%d to %d %s", s.minLength, s.maxLength, s.words)
	pattern := fmt.Sprintf("^[%s]{%d,%d}$", s.alphabet, s.minLength, s.maxLength)
	switch {
	case s.ends == "":
	case s.minLength == 1:
		pattern = fmt.Sprintf("^[%s]([%s]{0,%d}[%s])?$", s.ends, s.alphabet, s.maxLength-2, s.ends)
	default:
		pattern = fmt.Sprintf("^[%s][%s]{%d,%d}[%s]$", s.ends, s.alphabet, s.minLength-2, s.maxLength-2, s.ends)
	}
	if s.ends != "" {
		allowed += ", the first and the last a letter or a digit"
	}
	return Rule{
		Rule:      fault.Matching(regexp.MustCompile(pattern), allowed),
		maxLength: s.maxLength,
		foreign:   regexp.MustCompile("[^" + s.alphabet + "]"),
		hashed:    regexp.MustCompile(fmt.Sprintf("(^|%s)[0-9a-f]{%d}$", regexp.QuoteMeta(s.separator), hashLength)),
		lowerCase: !strings.Contains(s.alphabet, "A-Z"),
		separator: s.separator,
	}
}

// The rules of the services in use, each with its source (docs.aws.amazon.com/).
var (
	// Prefix begins names of several services: what all of them take, and short enough that the rest of a name fits.
	Prefix = service{
		minLength: 1, maxLength: 64, words: "letters, digits, underscores, hyphens and periods",
		alphabet: `a-zA-Z0-9_.-`, separator: "-",
	}.rule()
	// S3Bucket is for buckets that are named here: AmazonS3/latest/userguide/bucketnamingrules.html without dots, which break TLS.
	S3Bucket = service{
		minLength: 3, maxLength: 63, words: "lower-case letters, digits and hyphens",
		alphabet: `a-z0-9-`, ends: `a-z0-9`, separator: "-",
	}.rule()
	// KinesisStream: kinesis/latest/APIReference/API_CreateStream.html; stream consumers have the same rule.
	KinesisStream = service{
		minLength: 1, maxLength: 128, words: "letters, digits, underscores, hyphens and periods",
		alphabet: `a-zA-Z0-9_.-`, separator: "-",
	}.rule()
	// FirehoseStream: firehose/latest/APIReference/API_CreateDeliveryStream.html.
	FirehoseStream = service{
		minLength: 1, maxLength: 64, words: "letters, digits, underscores, hyphens and periods",
		alphabet: `a-zA-Z0-9_.-`, separator: "-",
	}.rule()
	// Glue names databases, tables and columns: athena/latest/ug/tables-databases-columns-names.html.
	Glue = service{
		minLength: 1, maxLength: 255, words: "lower-case letters, digits and underscores",
		alphabet: `a-z0-9_`, ends: `a-z0-9`, separator: "_",
	}.rule()
	// AthenaWorkgroup: athena/latest/APIReference/API_CreateWorkGroup.html.
	AthenaWorkgroup = service{
		minLength: 1, maxLength: 128, words: "letters, digits, underscores, hyphens and periods",
		alphabet: `a-zA-Z0-9_.-`, separator: "-",
	}.rule()
	// LambdaFunction: lambda/latest/api/API_CreateFunction.html.
	LambdaFunction = service{
		minLength: 1, maxLength: 64, words: "letters, digits, underscores and hyphens",
		alphabet: `a-zA-Z0-9_-`, separator: "-",
	}.rule()
	// KMSAlias, without its prefix "alias/" (kms/latest/APIReference/API_CreateAlias.html: 256 with it). Slashes are
	// left out: "alias/aws/" is reserved.
	KMSAlias = service{
		minLength: 1, maxLength: 250, words: "letters, digits, underscores and hyphens",
		alphabet: `a-zA-Z0-9_-`, ends: `a-zA-Z0-9`, separator: "-",
	}.rule()
	// Schedule: scheduler/latest/APIReference/API_CreateSchedule.html; groups of schedules have the same rule.
	Schedule = service{
		minLength: 1, maxLength: 64, words: "letters, digits, underscores, hyphens and periods",
		alphabet: `a-zA-Z0-9_.-`, separator: "-",
	}.rule()
	// QuickSight is for ids, which services make ARNs and addresses of: quicksight/latest/APIReference/API_CreateDashboard.html. They
	// have 512 characters there, and fewer here, since endings follow.
	QuickSight = service{
		minLength: 1, maxLength: 128, words: "letters, digits, underscores and hyphens",
		alphabet: `a-zA-Z0-9_-`, ends: `a-zA-Z0-9`, separator: "-",
	}.rule()
	// CloudFormationStack: AWSCloudFormation/latest/APIReference/API_CreateStack.html.
	CloudFormationStack = service{
		minLength: 1, maxLength: 128, words: "letters, digits and hyphens",
		alphabet: `a-zA-Z0-9-`, ends: `a-zA-Z0-9`, separator: "-",
	}.rule()
	// IAMRole: IAM/latest/APIReference/API_CreateRole.html. IAM takes names that differ only in case for one name.
	IAMRole = service{
		minLength: 1, maxLength: 64, words: "letters, digits and _+=,.@-",
		alphabet: `a-zA-Z0-9_+=,.@-`, separator: "-",
	}.rule()
)

// OpenSearchDomain is for domains, whose names are all generated: opensearch-service/latest/APIReference/API_CreateDomain.html.
var OpenSearchDomain = fault.Matching(regexp.MustCompile(`^[a-z][a-z0-9-]{2,27}$`),
	"3 to 28 lower-case letters, digits and hyphens, the first a letter")

// ExistingS3Bucket is for buckets that somebody else has named, maybe with dots.
var ExistingS3Bucket = existingS3Bucket()

func existingS3Bucket() fault.Rule[string] {
	r := fault.Matching(regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`),
		"the name of an S3 bucket, no ARN: 3 to 63 lower-case letters, digits, hyphens and single periods")
	refuse := r.Refuse
	r.Refuse = func(name string) (fault.Problem, bool) {
		problem, refused := refuse(name)
		return problem, refused || strings.Contains(name, "..")
	}
	return r
}

// hashLength is in hex digits: at 40 bits two of a million names are alike with a chance of one in two.
// At the hundreds of names that an account has, it is one in ten million.
const hashLength = 10

// autoNameSuffix is what Pulumi's auto-naming appends to a logical name: a hyphen and seven hex digits
// (pulumi.com/docs/iac/concepts/resources/names/#autonaming).
const autoNameSuffix = "-0a1b2c3"

// Of fits text into the rule. Hyphens become the service's separator, and a text that then is a name stays as it is. Any
// other has its foreign characters replaced and is cut, and gets a hash of the whole text, so that different texts stay
// different; so does a text that has the separator already, or that looks like such a result.
func (r Rule) Of(text string) string {
	name := strings.ReplaceAll(text, "-", r.separator)
	ambiguous := r.separator != "-" && strings.Contains(text, r.separator)
	if !ambiguous && r.Takes(name) && !r.hashed.MatchString(name) {
		return name
	}
	sum := sha256.Sum256([]byte(text))
	hash := hex.EncodeToString(sum[:])[:hashLength]

	if r.lowerCase {
		name = strings.ToLower(name)
	}
	name = r.foreign.ReplaceAllString(name, r.separator)
	if longest := r.maxLength - len(r.separator) - len(hash); len(name) > longest {
		name = name[:longest]
	}
	name = strings.Trim(name, "-_.")
	if name == "" {
		return hash
	}
	return name + r.separator + hash
}

// CheckAutoNamed is the fault of a logical name of which auto-naming would make a name that the rule refuses.
func (r Rule) CheckAutoNamed(path fault.Path, logicalName string) fault.List {
	return CheckAutoNamed(r.Rule, path, logicalName)
}

// CheckAutoNamed does the same by a rule that makes no names.
func CheckAutoNamed(rule fault.Rule[string], path fault.Path, logicalName string) fault.List {
	return fault.When(!rule.Takes(logicalName+autoNameSuffix), fault.Fault{
		Path: path, Given: logicalName, Allowed: rule.Allowed,
		Problem: fault.Problemf("makes the name %q with the suffix of auto-naming, which is not allowed", logicalName+autoNameSuffix),
	})
}

// AutoNamed matches, as a pattern of IAM's conditions, the names that auto-naming makes of a logical name: for a policy that has
// to be there before what it is about.
func AutoNamed(logicalName string) string {
	return logicalName + "-" + strings.Repeat("?", len(autoNameSuffix)-1)
}
