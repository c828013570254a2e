package logging

import (
	"fmt"

	helm "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/helm/v4"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// chart is where the operator's project publishes its chart (gh:kube-logging/logging-operator charts/logging-operator).
const chart = "oci://ghcr.io/kube-logging/helm-charts/logging-operator"

// provisionOperator installs the operator and the definitions of its custom resources. It runs in the control namespace:
// it watches all of them.
func (l *Logging) provisionOperator(ctx *pulumi.Context, after []pulumi.Resource) (pulumi.Resource, error) {
	installed, err := helm.NewChart(ctx, l.name+"-operator", &helm.ChartArgs{
		Chart:     pulumi.String(chart),
		Version:   pulumi.String(l.args.Operator.ChartVersion),
		Name:      pulumi.String("logging-operator"),
		Namespace: pulumi.String(l.args.Namespace),
		SkipCrds:  pulumi.Bool(false),
		Values: pulumi.Map{
			"monitoring": pulumi.Map{
				"serviceMonitor": pulumi.Map{"enabled": pulumi.Bool(l.args.Monitoring.ServiceMonitors)},
			},
		},
	}, pulumi.Parent(l), pulumi.DependsOn(after))
	if err != nil {
		return nil, fmt.Errorf("install operator: %w", err)
	}
	return installed, nil
}
