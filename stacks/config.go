package stacks

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/internal/capacity"
)

// Config is everything that an environment decides, checked and with defaults applied. config_keys.go declares the keys
// that it is read from.
type Config struct {
	// Data is the account of the pipeline itself.
	Data Account
	// Service is the account in which the clusters run; nil where the data account serves both.
	Service *Account
	// EmulatorEndpoint is the URL of the AWS emulator of the local stack; empty for AWS itself.
	EmulatorEndpoint string
	// Tags are put on everything that can have tags.
	Tags map[string]string
	// Load is the traffic that the plan is made for.
	Load capacity.Load
	// Plan is the capacity that the load needs, with the user's own choices in it.
	Plan     capacity.Plan
	Stream   StreamConfig
	Delivery DeliveryConfig
	// Clusters are where the logs come from; none where the pipeline begins at the stream.
	Clusters []ClusterConfig
	Logging  LoggingConfig
	Access   AccessConfig
	// Raw is the lifecycle of the raw objects. Default: 30, 90 and 365 days.
	Raw lake.RawLifecycle
	// Protect keeps everything stateful from being deleted: key, buckets, stream and delivery. Default: true.
	Protect bool
	// ForceDestroy lets buckets be deleted with what is in them. Default: false; never with Protect.
	ForceDestroy bool
	// Warnings are what works at a price, each with its full key.
	Warnings []string
}

// Account is an AWS account, and how to get into it.
type Account struct {
	// ID is the 12-digit account id. The provider refuses credentials of any other account.
	ID string
	// Region is the AWS region of everything that is built there.
	Region string
	// RoleARN is the IAM role to assume there; empty where the ambient credentials are the account's own.
	RoleARN string
	// ExternalID goes with RoleARN; empty where the role asks for none. It is a secret.
	ExternalID string
}

// service is the account of the clusters.
func (c *Config) service() Account {
	if c.Service == nil {
		return c.Data
	}
	return *c.Service
}

// StreamConfig is the Kinesis data stream; Config.Plan has its mode and shards.
type StreamConfig struct {
	// Name is the stream's physical name: the service account must know it. Default: <project>-<stack>-logs.
	Name string
	// RetentionHours is how long the stream keeps a record, 24 to 8,760. Default: 48.
	RetentionHours int
	// FanOutConsumers are the names of consumers with a throughput of their own. Default: none.
	FanOutConsumers []string
	// ProducerAccountIDs are other accounts whose own identities may use the key for this stream. Default: none.
	ProducerAccountIDs []string
}

// DeliveryConfig is the delivery to S3; Config.Plan has its buffer.
type DeliveryConfig struct {
	// AppendDelimiter makes Firehose end each record with a newline, for writers that send none. Default: false.
	AppendDelimiter bool
	// LogRetentionDays is how long CloudWatch Logs keeps Firehose's error log. Default: 365.
	LogRetentionDays int
}

// LoadConfig reads the configuration of the stack. Its error names every fault at once. Call it before anything is
// registered.
func LoadConfig(ctx *pulumi.Context) (*Config, error) {
	values, err := allConfig(ctx)
	if err != nil {
		return nil, err
	}
	secret := make(map[string]bool)
	for key := range values {
		secret[key] = ctx.IsConfigSecret(key)
	}
	return parseConfig(rawConfig{Project: ctx.Project(), Stack: ctx.Stack(), Values: values, Secret: secret})
}

// allConfig returns every config value by its full key. The SDK can only be asked for a key at a time, which finds no
// misspelt ones; so the map that the language host hands over is read as well. Where there is none, as in an inline
// program, misspelt keys stay unseen.
func allConfig(ctx *pulumi.Context) (map[string]string, error) {
	values := make(map[string]string)
	if handed := os.Getenv(pulumi.EnvConfig); handed != "" {
		if err := json.Unmarshal([]byte(handed), &values); err != nil {
			// The value itself may hold secrets.
			return nil, fmt.Errorf("the environment variable %s is not a JSON object of strings", pulumi.EnvConfig)
		}
	}

	known := make([]string, 0, len(configKeys)+len(awsReplacements))
	for _, key := range configKeys {
		known = append(known, ctx.Project()+":"+key.name)
	}
	for name := range awsReplacements {
		known = append(known, awsNamespace+name)
	}
	for _, key := range known {
		delete(values, key)
		if value, ok := ctx.GetConfig(key); ok {
			values[key] = value
		}
	}
	return values, nil
}
