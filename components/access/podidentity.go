package access

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/component"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/iamrole"
)

// PodIdentityType is the type token of the component that [NewPodIdentity] makes.
const PodIdentityType = "log-pipeline:access:PodIdentity"

var podIdentityKind = component.Kind{Type: PodIdentityType, Noun: "pod identity"}

// audience is the audience of the tokens that EKS gives to pods, and so the client id of the provider
// (docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html).
const audience = "sts.amazonaws.com"

// PodIdentity is the role of one ServiceAccount's pods, which may assume one role.
type PodIdentity struct {
	pulumi.ResourceState

	// RoleARN is the role's ARN: the ServiceAccount's annotation eks.amazonaws.com/role-arn.
	RoleARN pulumi.StringOutput `pulumi:"roleArn"`
	// RoleName is the role's name, as given.
	RoleName pulumi.StringOutput `pulumi:"roleName"`
	// ProviderARN is the IAM OIDC provider, made or given.
	ProviderARN pulumi.StringOutput `pulumi:"providerArn"`
	// Counterpart is the trust policy, as JSON, that the writer role needs in its account. A writer role with other producers needs
	// the statement in it. It is known in preview.
	Counterpart pulumi.StringOutput `pulumi:"counterpart"`

	args  PodIdentityArgs
	name  string
	place iampolicy.Place
	ready []pulumi.Resource
}

// NewPodIdentity makes the role, and the OIDC provider unless there is one. It returns all faults of args in one error,
// and registers nothing then.
func NewPodIdentity(ctx *pulumi.Context, name string, args *PodIdentityArgs, opts ...pulumi.ResourceOption) (*PodIdentity, error) {
	p := &PodIdentity{args: args.resolve(), name: name}
	return component.New(ctx, podIdentityKind, name, p, args.Check(name), p.provision, opts...)
}

// Ready are the resources that have to exist before anything relies on the role, for pulumi.DependsOn. The component itself
// does not serve there: the SDK waits for the children that it knows of, and learns of them while it registers them
// (sdk/go/pulumi/context.go, getOpts; rpc.go, addDependency).
func (p *PodIdentity) Ready() []pulumi.Resource { return p.ready }

func (p *PodIdentity) provision(ctx *pulumi.Context) (err error) {
	if p.place, err = iampolicy.NewPlace(p.args.AccountID, p.args.Region); err != nil {
		return err
	}
	counterpart, err := p.counterpart().JSON()
	if err != nil {
		return fmt.Errorf("counterpart: %w", err)
	}
	needed, err := p.provisionProvider(ctx)
	if err != nil {
		return err
	}
	role, policy, err := iamrole.New(ctx, p.name, iamrole.Args{
		Name: p.args.RoleName,
		Description: fmt.Sprintf("Pods of %s/%s: may assume the writer role, no more",
			p.args.ServiceAccount.Namespace, p.args.ServiceAccount.Name),
		Trust:       p.trustPolicy(),
		Permissions: mayAssume(assumeWriter, p.args.WriterRoleARN, p.args.ExternalID),
	}, pulumi.Parent(p), pulumi.DependsOn(needed))
	if err != nil {
		return err
	}
	p.RoleARN, p.RoleName, p.Counterpart = role.Arn, role.Name, counterpart
	p.ready = []pulumi.Resource{role, policy}
	return nil
}

// provisionProvider returns the provider if it makes one. It sets no certificate thumbprints. IAM verifies the issuer by the root
// authorities that it trusts, and looks up the thumbprint of any other issuer itself
// (docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html). The list is optional and computed
// (gh:hashicorp/terraform-provider-aws internal/service/iam/openid_connect_provider.go), so that a later preview shows no
// difference.
func (p *PodIdentity) provisionProvider(ctx *pulumi.Context) ([]pulumi.Resource, error) {
	if p.args.ProviderARN != "" {
		p.ProviderARN = pulumi.String(p.args.ProviderARN).ToStringOutput()
		return nil, nil
	}
	provider, err := iam.NewOpenIdConnectProvider(ctx, p.name+"-oidc", &iam.OpenIdConnectProviderArgs{
		Url:           pulumi.String(p.args.Issuer),
		ClientIdLists: pulumi.ToStringArray([]string{audience}),
	}, pulumi.Parent(p))
	if err != nil {
		return nil, fmt.Errorf("create OIDC provider: %w", err)
	}
	p.ProviderARN = provider.Arn
	return []pulumi.Resource{provider}, nil
}

// trustPolicy accepts the tokens of exactly one ServiceAccount. Without the subject, every pod of the cluster could assume the
// role. Without the audience, a token for another service would do
// (docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html). The provider's ARN follows from the issuer, so
// that a preview shows the whole policy before the provider exists.
func (p *PodIdentity) trustPolicy() iampolicy.Document {
	issuer := p.args.issuer()
	subject := "system:serviceaccount:" + p.args.ServiceAccount.Namespace + ":" + p.args.ServiceAccount.Name
	return iampolicy.Document{Kind: iampolicy.Trust, Statements: []iampolicy.Statement{{
		Sid:        "PodsOfTheServiceAccount",
		Effect:     iampolicy.Allow,
		Principals: []iampolicy.Principal{iampolicy.Federated(pulumi.String(p.args.providerARN(p.place.Partition().ID)))},
		Actions:    []string{"sts:AssumeRoleWithWebIdentity"},
		Conditions: []iampolicy.Condition{
			{Operator: "StringEquals", Key: issuer + ":sub", Values: iampolicy.Strings(subject)},
			{Operator: "StringEquals", Key: issuer + ":aud", Values: iampolicy.Strings(audience)},
		},
	}}}
}

// counterpart is the writer role's trust policy, as [NewWriter] would make it for this producer alone.
func (p *PodIdentity) counterpart() iampolicy.Document {
	return assumedBy(p.place, producers, []string{p.place.IAMARN("role/" + p.args.RoleName)}, p.args.ExternalID)
}
