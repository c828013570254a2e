package naming_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"example.com/log-pipeline/internal/naming"
)

// The services' own rules, written down again and not taken from the package.
var rules = map[string]struct {
	rule  naming.Rule
	valid *regexp.Regexp
}{
	"S3 bucket":       {naming.S3Bucket, regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)},
	"Kinesis stream":  {naming.KinesisStream, regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,128}$`)},
	"Firehose stream": {naming.FirehoseStream, regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,64}$`)},
	"Glue":            {naming.Glue, regexp.MustCompile(`^[a-z0-9_]{1,255}$`)},
	"KMS alias":       {naming.KMSAlias, regexp.MustCompile(`^[a-zA-Z0-9_-]{1,250}$`)},
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
				if err := r.rule.Check(out); err != nil {
					t.Fatalf("Of(%q): %v", in, err)
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
		{naming.IAMRole, "log-pipeline-dev-writer", "log-pipeline-dev-writer"},
	} {
		assert.Equal(t, test.want, test.rule.Of(test.in))
	}
}

func TestCheckSaysWhatIsAllowed(t *testing.T) {
	for _, bad := range []string{"", "a b", strings.Repeat("a", 129), "ä"} {
		err := naming.KinesisStream.Check(bad)
		require.Error(t, err, bad)
		require.ErrorContains(t, err, "want 1 to 128 characters of [a-zA-Z0-9_.-]")
		assert.NotContains(t, err.Error(), "the first and the last")
	}
	for _, bad := range []string{"-a", "a-"} {
		require.ErrorContains(t, naming.S3Bucket.Check(bad), "[a-z0-9-], the first and the last a letter or a digit", bad)
	}
	for _, good := range []string{"Logs_1.2-x", "_logs", "logs-", "."} {
		require.NoError(t, naming.KinesisStream.Check(good), "Kinesis takes it")
		assert.Equal(t, good, naming.KinesisStream.Of(good))
	}
}

func TestCheckAutoNamedCountsTheSuffix(t *testing.T) {
	require.NoError(t, naming.S3Bucket.CheckAutoNamed(strings.Repeat("a", 55)))
	require.Error(t, naming.S3Bucket.CheckAutoNamed(strings.Repeat("a", 56)))
	assert.Error(t, naming.S3Bucket.CheckAutoNamed("Logs"), "auto-naming keeps the case")
}

func TestTags(t *testing.T) {
	extra := map[string]string{"Team": "data", "Stack": "forged"}
	assert.Equal(t,
		map[string]string{"Team": "data", "Project": "p", "Stack": "s", "ManagedBy": "pulumi"},
		naming.Tags("p", "s", extra))
	assert.Equal(t, "forged", extra["Stack"], "the caller's map stays as it is")
	assert.Len(t, naming.Tags("p", "s", nil), 3)
}

func TestOwnTagsAreThoseThatTagsSets(t *testing.T) {
	assert.ElementsMatch(t, naming.OwnTags(), slices.Collect(maps.Keys(naming.Tags("p", "s", nil))))
}
