package logging

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/component"
)

const (
	// Type is the component's type token.
	Type = "log-pipeline:logging:Logging"
	// SystemName is the name of the Logging object, which the names of all that the operator makes begin with, and the
	// loggingRef that keeps other logging systems of the cluster apart.
	SystemName = "log-pipeline"
	// ServiceAccountName is the ServiceAccount that the operator makes for Fluentd: a role for it trusts
	// system:serviceaccount:<namespace>:<this>.
	ServiceAccountName = SystemName + "-fluentd"
)

// Logging takes the logs of one cluster to Kinesis, S3 or Firehose.
type Logging struct {
	pulumi.ResourceState

	// Namespace is where agents and Fluentd run.
	Namespace pulumi.StringOutput `pulumi:"namespace"`
	// ServiceAccount is the name of Fluentd's ServiceAccount.
	ServiceAccount pulumi.StringOutput `pulumi:"serviceAccount"`

	args Args
	name string
}

var kind = component.Kind{Type: Type, Noun: "logging"}

// New makes a cluster's logging. The Kubernetes provider is one of opts. It returns all faults of args in one error, and
// registers nothing then.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Logging, error) {
	l := &Logging{args: args.resolve(), name: name}
	return component.New(ctx, kind, name, l, args.Check(name), l.provision, opts...)
}

// provision makes the aggregator after all that it reads, and the agents after the aggregator. Pulumi deletes in the reverse
// order, so that agents go before Fluentd.
func (l *Logging) provision(ctx *pulumi.Context) error {
	l.Namespace = pulumi.String(l.args.Namespace).ToStringOutput()
	l.ServiceAccount = pulumi.String(ServiceAccountName).ToStringOutput()

	base, err := l.provisionBase(ctx)
	if err != nil {
		return err
	}
	if _, err := l.registerAll(ctx, l.args.alertObjects(), base); err != nil {
		return err
	}
	outputs, err := l.registerAll(ctx, l.args.outputObjects(), base)
	if err != nil {
		return err
	}
	flows, err := l.registerAll(ctx, l.args.flowObjects(), outputs)
	if err != nil {
		return err
	}
	system, err := l.register(ctx, l.args.systemObject(), slices.Concat(flows, l.args.After))
	if err != nil {
		return err
	}
	_, err = l.register(ctx, l.args.agentObject(), []pulumi.Resource{system})
	return err
}

// provisionBase makes what the custom resources need: their namespace, and the operator with their definitions.
func (l *Logging) provisionBase(ctx *pulumi.Context) ([]pulumi.Resource, error) {
	var base []pulumi.Resource
	if !l.args.ExistingNamespace {
		namespace, err := l.registerNamespace(ctx)
		if err != nil {
			return nil, err
		}
		base = append(base, namespace)
	}
	if l.args.Operator.Install {
		chart, err := l.provisionOperator(ctx, base)
		if err != nil {
			return nil, err
		}
		base = append(base, chart)
	}
	return base, nil
}
