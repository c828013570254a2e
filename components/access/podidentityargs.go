package access

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"example.com/log-pipeline/internal/iampolicy"
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
	// RoleName is the role's name: 1 to 64 letters, digits and [_+=,.@-]. It is set, since the writer role's account and
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

var (
	issuerPattern = regexp.MustCompile(`^https://[a-z0-9-]+(\.[a-z0-9-]+)+(/[A-Za-z0-9._~-]+)*$`)
	// What Kubernetes takes as names: kubernetes.io/docs/concepts/overview/working-with-objects/names/.
	labelPattern     = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	subdomainPattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)
)

const maxSubdomain = 253

// Check returns all faults of the args in one error, each behind its field's name. What comes out of a resource is not known
// before the run, and goes unchecked.
func (a *PodIdentityArgs) Check() error { return a.resolve().validate() }

// resolve copies the args: the caller's stay as they are. It may be called on nil.
func (a *PodIdentityArgs) resolve() PodIdentityArgs {
	if a == nil {
		return PodIdentityArgs{}
	}
	return *a
}

func (a PodIdentityArgs) validate() error {
	var f faults
	w := f.checkWhereabouts(a.AccountID, a.Region, a.RoleName)
	f.add("Issuer", CheckIssuer(a.Issuer))
	f.add("ProviderARN", a.providerFault(w))
	f.add("ServiceAccount.Namespace", nameFault(a.ServiceAccount.Namespace, labelPattern.MatchString(a.ServiceAccount.Namespace),
		"letters, digits and hyphens, at most 63"))
	f.add("ServiceAccount.Name", nameFault(a.ServiceAccount.Name,
		len(a.ServiceAccount.Name) <= maxSubdomain && subdomainPattern.MatchString(a.ServiceAccount.Name),
		"letters, digits, hyphens and dots, at most 253"))
	writer, err := w.checkRole(a.WriterRoleARN)
	f.add("WriterRoleARN", err)
	foreign := ""
	if err == nil && w.place != nil && writer.AccountID != a.AccountID {
		foreign = a.WriterRoleARN
	}
	f.addExternalID(a.ExternalID, foreign)
	return errors.Join(f...)
}

// CheckIssuer returns an error unless the text is the URL of an OIDC issuer as IAM takes it.
func CheckIssuer(issuer string) error {
	if issuer == "" {
		return errors.New("not set; want the cluster's OIDC issuer, which `aws eks describe-cluster` shows")
	}
	if len(issuer) > maxIssuer || !issuerPattern.MatchString(issuer) {
		return fmt.Errorf("%q; want an https URL without port, query and trailing slash, such as "+
			"https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE", issuer)
	}
	return nil
}

// issuer is the issuer as the conditions and the provider name it.
func (a PodIdentityArgs) issuer() string { return strings.TrimPrefix(a.Issuer, issuerScheme) }

// providerARN is the ARN of the one provider that an account can have for the issuer
// (docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html).
func (a PodIdentityArgs) providerARN(place iampolicy.Place) string {
	return place.IAMARN("oidc-provider/" + a.issuer())
}

// providerFault refuses a provider of another issuer or account: the conditions of the trust policy would never hold.
func (a PodIdentityArgs) providerFault(w whereabouts) error {
	if a.ProviderARN == "" || w.place == nil || CheckIssuer(a.Issuer) != nil {
		return nil
	}
	if want := a.providerARN(*w.place); a.ProviderARN != want {
		return fmt.Errorf("%q; want that of this issuer in this account, %s, or none for one to be made", a.ProviderARN, want)
	}
	return nil
}

// nameFault refuses wildcards with all else that is no name: the role is for one ServiceAccount.
func nameFault(name string, ok bool, rule string) error {
	if ok {
		return nil
	}
	return fmt.Errorf("%q; want the exact name: lower-case %s", name, rule)
}
