package stacks

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"example.com/log-pipeline/internal/iampolicy"
)

func region(name, purpose string) configKey {
	isRegion := func(text string) bool {
		_, err := iampolicy.PartitionOf(text)
		return err == nil
	}
	return configKey{name: name, valid: isRegion, allowed: "an AWS region such as eu-west-1", purpose: purpose}
}

func accountID(name, purpose string) configKey {
	return configKey{
		name: name, valid: passes(iampolicy.CheckAccountID), hint: accountHint, allowed: "12 digits, quoted", purpose: purpose,
	}
}

func roleARN(name, purpose string) configKey {
	return configKey{
		name: name, valid: rolePattern.MatchString, purpose: purpose,
		allowed: roleAllowed,
	}
}

func externalID(name, purpose string) configKey {
	return configKey{name: name, valid: passes(iampolicy.CheckExternalID), secret: true, allowed: iampolicy.ExternalIDRule, purpose: purpose}
}

var (
	// rolePattern's parts are the partition and the account.
	rolePattern = regexp.MustCompile(`^arn:(aws[a-z-]*):iam::([0-9]{12}):role/[\w+=,.@/-]+$`)
	// docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
	tagText = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)
)

const (
	roleAllowed        = "the ARN of an IAM role, such as arn:aws:iam::111111111111:role/deploy"
	kinesisNameAllowed = "1 to 128 letters, digits, underscores, hyphens and periods"
	// A resource has at most 50 tags; the rest is left to the program's own.
	maxTags = 40
	// A century is a slip of the hand, or else 0.
	maxLifecycleDays = 36_500
)

func oneOf(values ...string) func(string) bool {
	return func(text string) bool { return slices.Contains(values, text) }
}

func passes(check func(string) error) func(string) bool {
	return func(text string) bool { return check(text) == nil }
}

func zeroOrAtLeast(least int) func(string) bool {
	return func(text string) bool {
		n, err := strconv.Atoi(text)
		return err == nil && (n == 0 || n >= least)
	}
}

func isURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil
}

func isTag(text string, least, most int) bool {
	n := utf8.RuneCountInString(text)
	return n >= least && n <= most && tagText.MatchString(text)
}

// accountHint explains ids that YAML has taken for numbers: it drops leading zeros, reads some as octal, and writes others
// as floats.
func accountHint(text string) string {
	_, err := strconv.ParseFloat(text, 64)
	if digits := strings.Trim(text, "0123456789") == ""; err == nil && (len(text) < 12 || !digits) {
		return "an unquoted id that starts with 0 loses digits in YAML, so quote it"
	}
	return ""
}

func integers(ns []int) []string {
	texts := make([]string, len(ns))
	for i, n := range ns {
		texts[i] = strconv.Itoa(n)
	}
	return texts
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
