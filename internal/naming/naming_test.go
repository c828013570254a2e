package naming_test

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/naming"
)

// The services' own rules, written down again and not taken from the package.
var rules = map[string]struct {
	rule  naming.Rule
	valid *regexp.Regexp
}{
	"S3 bucket":       {naming.S3Bucket, regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$`)},
	"Kinesis stream":  {naming.KinesisStream, regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,128}$`)},
	"Firehose stream": {naming.FirehoseStream, regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,64}$`)},
	"Athena":          {naming.AthenaWorkgroup, regexp.MustCompile(`^[a-zA-Z0-9._-]{1,128}$`)},
	"Glue":            {naming.Glue, regexp.MustCompile(`^[a-z0-9_]{1,255}$`)},
	"Lambda":          {naming.LambdaFunction, regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)},
	"KMS alias":       {naming.KMSAlias, regexp.MustCompile(`^[a-zA-Z0-9_-]{1,250}$`)},
	"QuickSight":      {naming.QuickSight, regexp.MustCompile(`^[a-zA-Z0-9_-]{1,128}$`)},
	"CloudFormation":  {naming.CloudFormationStack, regexp.MustCompile(`^[a-zA-Z0-9-]{1,128}$`)},
	"IAM role":        {naming.IAMRole, regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)},
}

// text is anything, and more often what comes close to being a name.
func text() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.String(),
		rapid.StringMatching(`[a-zA-Z0-9_.-]{0,300}`),
		rapid.StringMatching(`[ab_-]{0,4}`),
		rapid.StringMatching(`[a-b][-_][0-9a-f]{10}`),
	)
}

func TestEveryTextBecomesAValidName(t *testing.T) {
	for name, r := range rules {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				in := text().Draw(t, "text")
				out := r.rule.Of(in)
				if !r.valid.MatchString(out) {
					t.Fatalf("Of(%q) = %q, which the service refuses", in, out)
				}
				if faults := r.rule.Check("Name", out); len(faults) > 0 {
					t.Fatalf("Of(%q): %v", in, faults)
				}
				if again := r.rule.Of(in); again != out {
					t.Fatalf("Of(%q) = %q and then %q", in, out, again)
				}
			})
		})
	}
}

func TestNoTwoTextsBecomeOneName(t *testing.T) {
	for name, r := range rules {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				a, b := text().Draw(t, "a"), text().Draw(t, "b")
				if a != b && r.rule.Of(a) == r.rule.Of(b) {
					t.Fatalf("Of(%q) = Of(%q) = %q", a, b, r.rule.Of(a))
				}
				// The name itself, given as a text, is another text.
				if out := r.rule.Of(a); out != a && r.rule.Of(out) == out {
					t.Fatalf("Of(%q) = Of(%q) = %q", a, out, out)
				}
			})
		})
	}
}

func TestNames(t *testing.T) {
	for _, test := range []struct {
		rule     naming.Rule
		in, want string
	}{
		{naming.KinesisStream, "log-pipeline-dev-logs", "log-pipeline-dev-logs"},
		{naming.KinesisStream, "logs of today", "logs-of-today-9c19ff2475"},
		{naming.Glue, "log-pipeline-dev-delivery", "log_pipeline_dev_delivery"},
		{naming.Glue, "log_pipeline", "log_pipeline_c4f4badbf3"},
		{naming.KMSAlias, "log-pipeline/dev", "log-pipeline-dev-4706a34b21"},
		{naming.S3Bucket, "Logs", "logs-ea2100dc89"},
		{naming.S3Bucket, "ab", "ab-fb8e20fc2e"},
		{naming.IAMRole, "log-pipeline-dev-writer", "log-pipeline-dev-writer"},
	} {
		assert.Equal(t, test.want, test.rule.Of(test.in))
	}
}

func TestCheckSaysWhatIsAllowed(t *testing.T) {
	for _, bad := range []string{"", "a b", strings.Repeat("a", 129), "ä", "a\n"} {
		faults := naming.KinesisStream.Check("StreamName", bad)
		require.Len(t, faults, 1, bad)
		assert.Equal(t, fault.Path("StreamName"), faults[0].Path)
		assert.Equal(t, bad, faults[0].Given)
		assert.Equal(t, "1 to 128 letters, digits, underscores, hyphens and periods", faults[0].Allowed)
	}
	for _, bad := range []string{"-ab", "ab-", "ab", "a.b", "aBc", strings.Repeat("a", 64)} {
		require.EqualError(t, naming.S3Bucket.Check("A", bad), fmt.Sprintf("A: not allowed (given: %q); "+
			"allowed: 3 to 63 lower-case letters, digits and hyphens, the first and the last a letter or a digit", bad))
	}
	for _, bad := range []string{"", "_a", "a_", "A", "a-b", strings.Repeat("a", 256)} {
		require.ErrorContains(t, naming.Glue.Check("A", bad), "1 to 255 lower-case letters, digits and underscores, the first", bad)
	}
	for _, good := range []string{"Logs_1.2-x", "_logs", "logs-", "."} {
		require.Empty(t, naming.KinesisStream.Check("A", good), "Kinesis takes it")
		require.Empty(t, naming.FirehoseStream.Check("A", good), "Firehose takes it")
		assert.Equal(t, good, naming.KinesisStream.Of(good))
	}
}

// An editor's schema must not refuse what the rule takes, or the reverse.
func TestPatternSaysTheSame(t *testing.T) {
	for name, r := range rules {
		t.Run(name, func(t *testing.T) {
			pattern := regexp.MustCompile(r.rule.Schema["pattern"].(string))
			rapid.Check(t, func(t *rapid.T) {
				in := text().Draw(t, "text")
				if pattern.MatchString(in) != (len(r.rule.Check("A", in)) == 0) {
					t.Fatalf("%q: the pattern %s differs", in, pattern)
				}
			})
		})
	}
}

func TestBucketsOfOthersMayHaveDots(t *testing.T) {
	for _, good := range []string{"abc", "logs.example.com", "a-1", strings.Repeat("a", 63)} {
		assert.Empty(t, naming.ExistingS3Bucket.Check("A", good), good)
	}
	for _, bad := range []string{"", "ab", ".ab", "ab.", "a..b", "A-b", "arn:aws:s3:::logs", "a/b", "a*b", strings.Repeat("a", 64)} {
		assert.ErrorContains(t, naming.ExistingS3Bucket.Check("A", bad), "the name of an S3 bucket, no ARN", bad)
	}
}

func TestCheckAutoNamedCountsTheSuffix(t *testing.T) {
	require.Empty(t, naming.S3Bucket.CheckAutoNamed("name", strings.Repeat("a", 55)))
	long := strings.Repeat("a", 56)
	faults := naming.S3Bucket.CheckAutoNamed("name", long)
	require.ErrorContains(t, faults, "name: makes the name \""+long+"-0a1b2c3\" with the suffix of auto-naming, which is not allowed")
	assert.Equal(t, long, faults[0].Given)
	assert.NotEmpty(t, naming.S3Bucket.CheckAutoNamed("name", "Logs"), "auto-naming keeps the case")
}

func TestANameOfADomainBeginsWithALetter(t *testing.T) {
	for _, good := range []string{"logs", "s", strings.Repeat("a", 20)} {
		assert.Empty(t, naming.CheckAutoNamed(naming.OpenSearchDomain, "name", good), good)
	}
	for _, bad := range []string{"", "1-logs", "-logs", "Logs", "lo.gs", strings.Repeat("a", 21)} {
		assert.NotEmpty(t, naming.CheckAutoNamed(naming.OpenSearchDomain, "name", bad), bad)
	}
}

func TestAutoNamedMatchesWhatAutoNamingMakes(t *testing.T) {
	matched, err := path.Match(naming.AutoNamed("logs"), "logs-0a1b2c3")
	require.NoError(t, err)
	assert.True(t, matched)
	matched, err = path.Match(naming.AutoNamed("logs"), "logs-of-others-0a1b2c3")
	require.NoError(t, err)
	assert.False(t, matched)
}
