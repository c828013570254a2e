package logging_test

import (
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/logging"
)

// The logs of one cluster to a stream of another account, Istio's proxies and applications apart, cards hidden.
func Example() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		cluster, err := kubernetes.NewProvider(ctx, "prod-eu", &kubernetes.ProviderArgs{Context: pulumi.String("prod-eu")})
		if err != nil {
			return err
		}
		_, err = logging.New(ctx, "logging", &logging.Args{
			Cluster:    "prod-eu",
			Aggregator: logging.Aggregator{RoleARN: "arn:aws:iam::222222222222:role/prod-eu-fluentd"},
			Writer:     logging.Writer{RoleARN: "arn:aws:iam::111111111111:role/writer", ExternalID: "team-a-logs"},
			Stream:     &logging.Stream{Name: "team-a-logs", Region: "eu-central-1"},
			Failed:     logging.Failed{BucketName: pulumi.String("team-a-raw"), Region: "eu-central-1"},
			Flows: []logging.Flow{
				{Name: "proxies", Containers: []string{"istio-proxy"}, Parser: logging.Istio},
				{Name: "applications", ExcludedContainers: []string{"istio-proxy"}},
			},
			Events: logging.Events{RedactFields: []string{"password"}, RedactPatterns: []string{`\d{4}(-?\d{4}){3}`}},
		}, pulumi.Providers(cluster))
		return err
	})
}
