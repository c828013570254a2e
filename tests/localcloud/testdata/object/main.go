// Command object registers one Kubernetes object, an Output with one setting
// from the configuration.
package main

import (
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		settings := config.New(ctx, "")
		provider, err := kubernetes.NewProvider(ctx, "cluster", &kubernetes.ProviderArgs{
			Kubeconfig: pulumi.String(settings.Require("kubeconfig")), Context: pulumi.String("local"),
		})
		if err != nil {
			return err
		}
		_, err = apiextensions.NewCustomResource(ctx, "stream", &apiextensions.CustomResourceArgs{
			ApiVersion: pulumi.String("logging.banzaicloud.io/v1beta1"),
			Kind:       pulumi.String("Output"),
			Metadata:   metav1.ObjectMetaArgs{Name: pulumi.String("stream"), Namespace: pulumi.String("default")},
			OtherFields: kubernetes.UntypedArgs{"spec": pulumi.Map{"kinesisStream": pulumi.Map{
				"stream_name": pulumi.String("logs"), settings.Require("setting"): pulumi.String(settings.Require("value")),
			}}},
		}, pulumi.Provider(provider))
		return err
	})
}
