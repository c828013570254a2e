package stacks

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// No secret is shown: not by its own key, not by another, and not in part.
func TestSecretsInFaultsAreNotShown(t *testing.T) {
	for name, test := range map[string]struct {
		change map[string]string
		want   []string // beginnings
	}{
		"of components": {
			map[string]string{
				"clusters":              list(shop(`"oidcProviderArn":"arn:aws:iam::111111111111:oidc-provider/top-secret"`)),
				"events.redactPatterns": `["top-secret|x*"]`, "access.readerRoleArns": `["arn:aws-cn:iam::111111111111:role/top-secret"]`,
				"flows": `[{"name":"deliver-top-secret"},{"name":"top-secret"}]`,
			}, []string{
				"log-pipeline:clusters[0].oidcProviderArn: not the provider of issuer in log-pipeline:accounts.data.id (given: [secret]); allowed: the ARN of an IAM OIDC provider",
				"log-pipeline:flows[0].name: deliver and what begins with deliver- are taken (given: [secret])",
				"log-pipeline:flows[1]: [secret] may take logs that log-pipeline:flows[0] [secret] takes, which would be sent twice (given: [secret])",
				"log-pipeline:events.redactPatterns[0]: matches nothing at all, everywhere (given: [secret])",
				"log-pipeline:access.readerRoleArns: [secret]: the role is in the partition [secret], and the region [secret] in [secret] (given: [secret])",
			},
		},
		"of the configuration's own checks": {
			map[string]string{
				"clusters": list(shop(), `{"name":"b","issuer":"`+issuer+`B","nodes":1,"context":"shop","top-secret":1}`),
				"flows":    `[{"name":"a","clusters":["top-secret"],"labels":{"top-secret/":"x"}}]`,
				"tags":     `{"top-secret":[1]}`,
			}, []string{
				"log-pipeline:tags: the value of [secret] is not a text (given: [secret])",
				"log-pipeline:clusters[1].context: [secret] is the context of log-pipeline:clusters[0] too",
				"log-pipeline:clusters[1].[secret]: unknown key",
				"log-pipeline:flows[0].clusters: there is no cluster [secret] in log-pipeline:clusters (given: [secret])",
				"log-pipeline:flows[0].labels: the key [secret] is not allowed (given: [secret])",
			},
		},
		"of another key": {
			map[string]string{"access.readerRoleArns": `["arn:aws:iam::333333333333:role/top-secret"]`},
			[]string{"log-pipeline:access.readerExternalId: not set, and [secret] is of another account"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			config := minimal(test.change)
			for path := range test.change {
				key, _, _ := strings.Cut(path, ".")
				config.Secret[namespace+key] = true
			}
			got := lines(t, config)
			assert.NotContains(t, strings.Join(got, "\n"), "top-secret")
			require.Len(t, got, len(test.want), "%s", strings.Join(got, "\n"))
			for i, beginning := range test.want {
				assert.True(t, strings.HasPrefix(got[i], beginning), "%s\nis to begin with\n%s", got[i], beginning)
			}
		})
	}
}

// The prefix begins the names of the clusters' roles, which other keys quote.
func TestSecretPrefixesAreNotShown(t *testing.T) {
	config := minimal(twoAccounts(map[string]string{"access.writerExternalId": "", "namePrefix": "top-secret"}))
	config.Secret[namespace+"namePrefix"] = true
	got := lines(t, config)
	require.Len(t, got, 1)
	assert.True(t, strings.HasPrefix(got[0], "log-pipeline:access.writerExternalId: not set, and [secret] is of another account"), got[0])
}

func TestSecretsInObjectsAreNotShown(t *testing.T) {
	config := minimal(map[string]string{"clusters": `[{"name":"top secret","issuer":"x","nodes":1}]`})
	config.Secret = map[string]bool{namespace + "clusters": true}
	assert.NotContains(t, strings.Join(lines(t, config), "\n"), "top secret")
}

func TestSecretsAreNotShown(t *testing.T) {
	config := minimal(map[string]string{
		"dataExternalId": "top secret", "serviceExternalId": "top secret", "dataExternalID": "top secret", "stream.name": "top secret",
	})
	config.Secret = map[string]bool{namespace + "stream": true}
	got := strings.Join(lines(t, config), "\n")
	assert.NotContains(t, got, "top secret")
	assert.Contains(t, got, "log-pipeline:dataExternalId: not allowed (given: [secret])")
	assert.Contains(t, got, "log-pipeline:stream.name: not allowed (given: [secret])", "whatever Pulumi has encrypted")
}
