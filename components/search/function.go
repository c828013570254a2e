package search

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/lambdacode"
)

// module is the path of this Go module.
const module = "example.com/log-pipeline"

// FunctionSource is what [Args.Code] is built of, for an architecture of Lambda: arm64 or x86_64.
func FunctionSource(architecture string) lambdacode.Source {
	return lambdacode.Source{Module: module, Package: module + "/components/search/function", Architecture: architecture}
}

const (
	// functionMiB gives a sixth of a processor, enough for TLS and some dozens of requests
	// (docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html).
	functionMiB = 256
	// functionSeconds leaves time to wait for a domain that answers that it is busy, of the 900 that Lambda has.
	functionSeconds = 300
)

// provisionFunction makes the function, and runs it. It is made with nothing that Lambda tries out missing.
func (s *Search) provisionFunction(ctx *pulumi.Context) error {
	args := &lambda.FunctionArgs{
		Description:   pulumi.Sprintf("Makes what is inside the domain %s", s.domain.DomainName),
		Role:          s.role.Arn,
		Runtime:       pulumi.String("provided.al2023"),
		Handler:       pulumi.String("bootstrap"),
		Architectures: pulumi.StringArray{pulumi.String(s.args.Architecture)},
		Code:          s.args.Code,
		MemorySize:    pulumi.Int(functionMiB),
		Timeout:       pulumi.Int(functionSeconds),
		KmsKeyArn:     s.args.KeyARN.ToStringOutput(),
		Environment: lambda.FunctionEnvironmentArgs{
			Variables: pulumi.StringMap{"OPENSEARCH_ENDPOINT": s.Endpoint},
		},
		LoggingConfig: lambda.FunctionLoggingConfigArgs{LogFormat: pulumi.String("JSON"), LogGroup: s.functionLog.Name},
	}
	if s.args.Network != nil {
		args.VpcConfig = lambda.FunctionVpcConfigArgs{
			SubnetIds:        pulumi.ToStringArray(s.args.Network.SubnetIDs()),
			SecurityGroupIds: pulumi.ToStringArray(s.args.Network.ClientSecurityGroupIDs),
		}
	}
	function, err := lambda.NewFunction(ctx, s.name+functionSuffix, args, pulumi.Parent(s), pulumi.DependsOn([]pulumi.Resource{s.permitted}))
	if err != nil {
		return fmt.Errorf("create function: %w", err)
	}
	s.FunctionName = function.Name
	return s.run(ctx, function)
}

// run makes what is inside. Another input, another code and another domain are another run, and a failure is that of the update:
// the provider reports what the function says.
func (s *Search) run(ctx *pulumi.Context, function *lambda.Function) error {
	inside, err := lambda.NewInvocation(ctx, s.name+"-inside", &lambda.InvocationArgs{
		FunctionName:   function.Name,
		Input:          s.args.Access.WriterRoleARN.ToStringOutput().ApplyT(s.input).(pulumi.StringOutput),
		LifecycleScope: pulumi.String("CREATE_ONLY"),
		Triggers:       pulumi.StringMap{"code": pulumi.String(s.args.CodeSHA256), "endpoint": s.Endpoint},
	}, pulumi.Parent(s), pulumi.DependsOn(append([]pulumi.Resource{s.permitted}, s.ready...)))
	if err != nil {
		return fmt.Errorf("make the inside: %w", err)
	}
	s.ready = append(s.ready, inside)
	return nil
}

func (s *Search) input(writerRoleARN string) (string, error) {
	text, err := json.Marshal(s.args.settings(writerRoleARN))
	return string(text), err
}
