package iampolicy_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/tests/mocks"
)

func statement(change func(*iampolicy.Statement)) iampolicy.Statement {
	s := iampolicy.Statement{
		Sid: "Read", Effect: iampolicy.Allow, Actions: []string{"kinesis:GetRecords"},
		Resources: iampolicy.Strings("arn:aws:kinesis:eu-central-1:111111111111:stream/logs"),
	}
	if change != nil {
		change(&s)
	}
	return s
}

func identity(change func(*iampolicy.Statement)) iampolicy.Document {
	return iampolicy.Document{Kind: iampolicy.Identity, Statements: []iampolicy.Statement{statement(change)}}
}

const (
	issuer   = "oidc.eks.eu-central-1.amazonaws.com/id/A"
	provider = "arn:aws:iam::111111111111:oidc-provider/" + issuer
)

// federated trusts one ServiceAccount's tokens.
func federated(change func(*iampolicy.Statement)) iampolicy.Document {
	s := iampolicy.Statement{
		Sid: "Pods", Effect: iampolicy.Allow, Actions: []string{"sts:AssumeRoleWithWebIdentity"},
		Principals: []iampolicy.Principal{iampolicy.Federated(pulumi.String(provider))},
		Conditions: []iampolicy.Condition{
			{Operator: "StringEquals", Key: issuer + ":sub", Values: iampolicy.Strings("system:serviceaccount:logging:fluentd")},
			{Operator: "StringEquals", Key: issuer + ":aud", Values: iampolicy.Strings("sts.amazonaws.com")},
		},
	}
	if change != nil {
		change(&s)
	}
	return iampolicy.Document{Kind: iampolicy.Trust, Statements: []iampolicy.Statement{s}}
}

// rendered runs a program that renders the document, and returns the text and whether it was known.
func rendered(t *testing.T, d iampolicy.Document, run func(pulumi.RunFunc) (*mocks.Recording, error)) (text string, known bool) {
	t.Helper()
	_, err := run(func(ctx *pulumi.Context) error {
		json, err := d.JSON()
		if err != nil {
			return err
		}
		result, err := internals.UnsafeAwaitOutput(ctx.Context(), json)
		text, _ = result.Value.(string)
		known = result.Known
		return err
	})
	require.NoError(t, err)
	return text, known
}

func TestDocumentsAreGolden(t *testing.T) {
	place, err := iampolicy.NewPlace("111111111111", "eu-central-1")
	require.NoError(t, err)
	for name, document := range map[string]iampolicy.Document{
		"identity.json": identity(func(s *iampolicy.Statement) {
			// An input behind the interface, as a resource's output is.
			s.Resources = append(s.Resources, pulumi.String("arn:aws:kinesis:b").ToStringOutput())
			s.Conditions = []iampolicy.Condition{
				{Operator: "StringEquals", Key: "kms:ViaService", Values: iampolicy.Strings("b", "a")},
				{Operator: "StringEquals", Key: "aws:SourceAccount", Values: iampolicy.Strings("1")},
				{Operator: "Bool", Key: "aws:SecureTransport", Values: iampolicy.Strings("true")},
			}
		}),
		"trust.json": {Kind: iampolicy.Trust, Statements: []iampolicy.Statement{{
			Sid: "Assume", Effect: iampolicy.Allow, Actions: []string{"sts:AssumeRole"},
			Principals: []iampolicy.Principal{
				iampolicy.Services("firehose.amazonaws.com"), iampolicy.Accounts(iampolicy.Strings("arn:aws:iam::2:root")...),
			},
		}}},
		"trust-federated.json": federated(nil),
		"resource.json": {Kind: iampolicy.Resource, Statements: []iampolicy.Statement{{
			Sid: "TLSOnly", Effect: iampolicy.Deny, Actions: []string{"s3:*"}, Resources: iampolicy.Strings("arn:aws:s3:::b/*"),
			Principals: []iampolicy.Principal{iampolicy.Everyone()},
		}}},
		"key.json": {Kind: iampolicy.Key, Statements: []iampolicy.Statement{iampolicy.AccountAdministration(place)}},
	} {
		t.Run(name, func(t *testing.T) {
			text, known := rendered(t, document, mocks.Up)
			require.True(t, known)
			mocks.Golden(t, name, text)
			again, _ := rendered(t, document, mocks.Up)
			assert.Equal(t, text, again, "the same document is the same text")
		})
	}
}

func TestRefusedDocuments(t *testing.T) {
	for name, test := range map[string]struct {
		document iampolicy.Document
		want     string
	}{
		"no statement": {iampolicy.Document{Kind: iampolicy.Identity}, "no statement"},
		"no kind":      {iampolicy.Document{Statements: []iampolicy.Statement{statement(nil)}}, "policy kind"},
		"same sid twice": {
			iampolicy.Document{Kind: iampolicy.Identity, Statements: []iampolicy.Statement{statement(nil), statement(nil)}}, "used twice",
		},
		"no sid":           {identity(func(s *iampolicy.Statement) { s.Sid = "" }), "sid"},
		"no effect":        {identity(func(s *iampolicy.Statement) { s.Effect = "" }), "effect"},
		"no action":        {identity(func(s *iampolicy.Statement) { s.Actions = nil }), "no action"},
		"every action":     {identity(func(s *iampolicy.Statement) { s.Actions = []string{"*"} }), `action "*"`},
		"service wildcard": {identity(func(s *iampolicy.Statement) { s.Actions = []string{"kinesis:*"} }), `"kinesis:*"`},
		"action prefix":    {identity(func(s *iampolicy.Statement) { s.Actions = []string{"kms:ReEncrypt*"} }), `"kms:ReEncrypt*"`},
		"no resource":      {identity(func(s *iampolicy.Statement) { s.Resources = nil }), "no resource"},
		"every resource":   {identity(func(s *iampolicy.Statement) { s.Resources = iampolicy.Strings("*") }), `resource "*"`},
		"empty resource":   {identity(func(s *iampolicy.Statement) { s.Resources = iampolicy.Strings("") }), "empty"},
		"nil resource":     {identity(func(s *iampolicy.Statement) { s.Resources = []pulumi.StringInput{nil} }), "nil"},
		"identity with principal": {
			identity(func(s *iampolicy.Statement) { s.Principals = []iampolicy.Principal{iampolicy.Services("a")} }), "no principals",
		},
		"trust without principal": {
			iampolicy.Document{Kind: iampolicy.Trust, Statements: []iampolicy.Statement{statement(func(s *iampolicy.Statement) {
				s.Resources = nil
			})}}, "no principal",
		},
		"trust with resource": {
			iampolicy.Document{Kind: iampolicy.Trust, Statements: []iampolicy.Statement{statement(func(s *iampolicy.Statement) {
				s.Principals = []iampolicy.Principal{iampolicy.Services("a")}
			})}}, "has no resources",
		},
		"everyone allowed": {
			iampolicy.Document{Kind: iampolicy.Resource, Statements: []iampolicy.Statement{statement(func(s *iampolicy.Statement) {
				s.Principals = []iampolicy.Principal{iampolicy.Everyone()}
			})}}, `principal AWS "*"`,
		},
		"principals of nothing": {
			iampolicy.Document{Kind: iampolicy.Resource, Statements: []iampolicy.Statement{statement(func(s *iampolicy.Statement) {
				s.Principals = []iampolicy.Principal{iampolicy.Services()}
			})}}, "no value",
		},
		"every provider": {federated(func(s *iampolicy.Statement) {
			s.Principals = []iampolicy.Principal{iampolicy.Federated(pulumi.String("*"))}
		}), `principal Federated "*" may not be allowed`},
		"wildcard in a provider": {federated(func(s *iampolicy.Statement) {
			s.Principals = []iampolicy.Principal{iampolicy.Federated(pulumi.String("arn:aws:iam::111111111111:oidc-provider/*"))}
		}), "a part of a principal may not be a wildcard"},
		"wildcard in a role": {federated(func(s *iampolicy.Statement) {
			s.Principals = []iampolicy.Principal{iampolicy.Accounts(pulumi.String("arn:aws:iam::111111111111:role/a?"))}
		}), "a part of a principal may not be a wildcard"},
		"provider of nothing": {federated(func(s *iampolicy.Statement) {
			s.Principals = []iampolicy.Principal{iampolicy.Federated()}
		}), "principal Federated: no value"},
		"any subject": {federated(func(s *iampolicy.Statement) { s.Conditions = s.Conditions[1:] }), "no StringEquals condition on the subject"},
		"subjects by pattern": {
			federated(func(s *iampolicy.Statement) { s.Conditions[0].Operator = "StringLike" }), "no StringEquals condition on the subject",
		},
		"provider outside of a trust policy": {
			iampolicy.Document{Kind: iampolicy.Resource, Statements: []iampolicy.Statement{statement(func(s *iampolicy.Statement) {
				*s = federated(nil).Statements[0]
				s.Resources = iampolicy.Strings("arn:aws:s3:::b/*")
			})}}, "only a trust policy has one",
		},
		"condition twice": {identity(func(s *iampolicy.Statement) {
			c := iampolicy.Condition{Operator: "StringEquals", Key: "k", Values: iampolicy.Strings("v")}
			s.Conditions = []iampolicy.Condition{c, c}
		}), "given twice"},
		"condition of nothing": {identity(func(s *iampolicy.Statement) {
			s.Conditions = []iampolicy.Condition{{Operator: "StringEquals", Key: "k"}}
		}), "no value"},
		"condition without key": {identity(func(s *iampolicy.Statement) {
			s.Conditions = []iampolicy.Condition{{Operator: "StringEquals", Values: iampolicy.Strings("v")}}
		}), "operator and a key"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := test.document.JSON()
			assert.ErrorContains(t, err, test.want)
		})
	}
}

func TestAccountAdministrationIsForKeysOnly(t *testing.T) {
	place, err := iampolicy.NewPlace("111111111111", "eu-central-1")
	require.NoError(t, err)
	s := iampolicy.AccountAdministration(place)
	s.Resources = iampolicy.Strings("arn:aws:s3:::b")
	_, err = iampolicy.Document{Kind: iampolicy.Resource, Statements: []iampolicy.Statement{s}}.JSON()
	assert.ErrorContains(t, err, `"kms:*"`)
}

func TestUnknownValueMakesTheDocumentUnknownNotFail(t *testing.T) {
	unknown := pulumi.UnsafeUnknownOutput(nil).ApplyT(func(any) string { return "never" }).(pulumi.StringOutput)
	_, known := rendered(t, identity(func(s *iampolicy.Statement) { s.Resources = append(s.Resources, unknown) }), mocks.Preview)
	assert.False(t, known)
}

func TestWhatResolvesToNothingOrEverythingIsRefused(t *testing.T) {
	for value, want := range map[string]string{"": "resolved to nothing", "*": "may not be allowed"} {
		_, err := mocks.Up(func(ctx *pulumi.Context) error {
			json, err := identity(func(s *iampolicy.Statement) {
				s.Resources = []pulumi.StringInput{pulumi.String(value).ToStringOutput()}
			}).JSON()
			if err != nil {
				return err
			}
			_, err = internals.UnsafeAwaitOutput(ctx.Context(), json)
			return err
		})
		assert.ErrorContains(t, err, want, "%q", value)
	}
}

func TestProviderThatResolvesToAWildcardIsRefused(t *testing.T) {
	_, err := mocks.Up(func(ctx *pulumi.Context) error {
		json, err := federated(func(s *iampolicy.Statement) {
			s.Principals = []iampolicy.Principal{iampolicy.Federated(pulumi.String(provider + "*").ToStringOutput())}
		}).JSON()
		if err != nil {
			return err
		}
		_, err = internals.UnsafeAwaitOutput(ctx.Context(), json)
		return err
	})
	assert.ErrorContains(t, err, "a part of a principal may not be a wildcard")
}

func TestTextIsWhatJSONWillBe(t *testing.T) {
	text, err := federated(nil).Text()
	require.NoError(t, err)
	later, _ := rendered(t, federated(nil), mocks.Up)
	assert.Equal(t, later, text)

	_, err = iampolicy.Document{Kind: iampolicy.Trust}.Text()
	require.ErrorContains(t, err, "no statement")
	_, err = identity(func(s *iampolicy.Statement) {
		s.Resources = []pulumi.StringInput{pulumi.String("arn:aws:s3:::b").ToStringOutput()}
	}).Text()
	assert.ErrorContains(t, err, "not known before the run")
}
