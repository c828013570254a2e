package access

import (
	"regexp"
	"strings"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
)

// ServiceAccount is a Kubernetes ServiceAccount, exactly.
type ServiceAccount struct {
	// Namespace is its namespace: lower-case letters, digits and hyphens, at most 63.
	Namespace string
	// Name is its name: lower-case letters, digits, hyphens and dots, at most 253.
	Name string
}

// PodIdentityArgs are the settings of a pod's role. All but ProviderARN are required, and ExternalID where the writer
// role is of another account.
type PodIdentityArgs struct {
	// AccountID is the account of the cluster: 12 digits.
	AccountID string
	// Region is the region of the cluster; the partition follows from it.
	Region string
	// RoleName is the role's name: 1 to 64 letters, digits and _+=,.@-. It is set, since the writer role's account and
	// the ServiceAccount's annotation must know it.
	RoleName string
	// Issuer is the cluster's OIDC issuer: an https URL without port, query and trailing slash, as
	// `aws eks describe-cluster --query cluster.identity.oidc.issuer` shows it.
	Issuer string
	// ProviderARN is the IAM OIDC provider of that issuer where the account has it already; one is made otherwise. An
	// account can have one only for each issuer.
	ProviderARN string
	// ServiceAccount is the one whose pods may take the role on.
	ServiceAccount ServiceAccount
	// WriterRoleARN is the one role that this one may assume.
	WriterRoleARN string
	// ExternalID is what the writer role asks for: 2 to 1,224 letters, digits and [_+=,.@:/-]. Required where the writer
	// role is of another account.
	ExternalID string
}

// issuerScheme begins every issuer.
const issuerScheme = "https://"

// maxIssuer is how long the URL of a provider can be
// (docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html).
const maxIssuer = 255

var issuerPattern = regexp.MustCompile(`^https://[a-z0-9-]+(\.[a-z0-9-]+)+(/[A-Za-z0-9._~-]+)*$`)

// Issuer is the URL of an OIDC issuer as IAM takes it.
var Issuer = fault.Rule[string]{
	Allowed: "an https URL without port, query and trailing slash, as `aws eks describe-cluster` shows it",
	Refuse: func(url string) (fault.Problem, bool) {
		return fault.Problemf("not allowed"), len(url) > maxIssuer || !issuerPattern.MatchString(url)
	},
	Schema: map[string]any{"pattern": issuerPattern.String(), "maxLength": maxIssuer},
}

// resolve copies the args: the caller's stay as they are. It may be called on nil.
func (a *PodIdentityArgs) resolve() PodIdentityArgs {
	if a == nil {
		return PodIdentityArgs{}
	}
	return *a
}

// Check is what is wrong with the settings. It may be called on nil.
func (a *PodIdentityArgs) Check(string) fault.List {
	const writer fault.Path = "WriterRoleARN"
	r := a.resolve()
	w := whereabouts{r.AccountID, r.Region, r.RoleName}
	writerFaults := w.checkRole(writer, r.WriterRoleARN)
	foreign := ""
	if len(writerFaults) == 0 && accountOf(r.WriterRoleARN) != r.AccountID {
		foreign = r.WriterRoleARN
	}
	return fault.Join(
		w.check(),
		fault.Required("Issuer", r.Issuer, Issuer),
		r.checkProvider(w),
		fault.Required("ServiceAccount.Namespace", r.ServiceAccount.Namespace, naming.KubernetesLabel),
		fault.Required("ServiceAccount.Name", r.ServiceAccount.Name, naming.KubernetesSubdomain),
		writerFaults,
		checkExternalID(r.ExternalID, writer, foreign),
	)
}

// issuer is the issuer as the conditions and the provider name it.
func (a PodIdentityArgs) issuer() string { return strings.TrimPrefix(a.Issuer, issuerScheme) }

// providerARN is the ARN of the one provider that an account can have for the issuer
// (docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html).
func (a PodIdentityArgs) providerARN(partition string) string {
	return "arn:" + partition + ":iam::" + a.AccountID + ":oidc-provider/" + a.issuer()
}

// checkProvider refuses a provider of another issuer or account: the conditions of the trust policy would never hold.
func (a PodIdentityArgs) checkProvider(w whereabouts) fault.List {
	const path, issuer fault.Path = "ProviderARN", "Issuer"
	if a.ProviderARN == "" {
		return nil
	}
	if faults := iampolicy.OIDCProviderARN.Check(path, a.ProviderARN); len(faults) > 0 {
		return faults
	}
	want := a.providerARN(w.partition())
	return fault.When(a.ProviderARN != want, fault.Fault{
		Path: path, Given: a.ProviderARN, Nearest: want, Allowed: "none, for one to be made, or that of the issuer",
		Problem: fault.Problemf("not the provider of %s in %s", issuer, accountIDPath),
		Reads:   []fault.Path{accountIDPath, regionPath, issuer},
	})
}
