package iampolicy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
)

func TestIDs(t *testing.T) {
	for name, test := range map[string]struct {
		rule      fault.Rule[string]
		good, bad []string
	}{
		"account id": {
			iampolicy.AccountID,
			[]string{"111111111111", "000000000001"},
			[]string{"", "11111111111", "1111111111111", "11111111111a", " 111111111111", "111111111111\n", "1.11111111111e+11"},
		},
		"external id": {
			iampolicy.ExternalID,
			[]string{"ab", strings.Repeat("a", 1224), "Az09_+=,.@:/-"},
			[]string{"", "a", "a b", "a*", "ä-ä", "${aws:userid}", strings.Repeat("a", 1225), "ab\n"},
		},
		"OIDC provider": {
			iampolicy.OIDCProviderARN,
			[]string{"arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/A", "arn:aws-cn:iam::111111111111:oidc-provider/a"},
			[]string{
				"", "arn:aws:iam::111111111111:oidc-provider/", "arn:aws:iam::111111111111:oidc-provider/*", "arn:aws:iam::111111111111:role/a",
				"arn:aws:iam::1:oidc-provider/a", "oidc.eks.eu-central-1.amazonaws.com/id/A",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, text := range test.good {
				assert.Empty(t, test.rule.Check("id", text), text)
			}
			for _, text := range test.bad {
				assert.ErrorContains(t, test.rule.Check("id", text), "id: not allowed", text)
			}
		})
	}
}

// 012345670123 is octal in YAML 1.1, and 098765432109 is no longer octal, but a number without its zero.
func TestIDThatLostDigits(t *testing.T) {
	const hint = "an unquoted id that starts with 0 loses digits in YAML, so quote it"
	for _, text := range []string{"98765432109", "1402433619", "1.4e+10", "0"} {
		require.ErrorContains(t, iampolicy.AccountID.Check("id", text), hint, text)
	}
	for _, text := range []string{"", "a", "1234567890123", "11111111111a"} {
		assert.NotContains(t, iampolicy.AccountID.Check("id", text).Error(), "quote it", text)
	}
}
