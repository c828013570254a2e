package stacks

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
	"example.com/log-pipeline/internal/settings"
)

// declare binds every key, in the order in which faults are reported and keys documented.
func (c *Config) declare(s *settings.Section) {
	settings.Object(s, "accounts", "The AWS accounts, and how to enter them.", c.Accounts.declare)
	settings.Text(s, &c.Accounts.Data.ExternalID, "dataExternalId", "", iampolicy.ExternalID, "External id for accounts.data.roleArn; set it with --secret.").Secret()
	settings.Text(s, &c.Accounts.serviceExternalID, "serviceExternalId", "", iampolicy.ExternalID,
		"External id for accounts.service.roleArn; set it with --secret.").Secret()
	settings.Text(s, &c.EmulatorEndpoint, "emulatorEndpoint", "", httpURL, "URL of the AWS emulator, for the local stack only.")
	settings.Text(s, &c.NamePrefix, "namePrefix", "", naming.Prefix.Rule,
		"Begins the names that are set and not generated: of stream, roles and Glue database. Empty: <project>-<stack>. A change replaces them: "+
			"before pulumi stack rename set it to what it was.")
	settings.Map(s, &c.Tags, "tags", naming.Tags, "Tags on everything that can have tags.")
	settings.Object(s, "load", "The traffic that the plan is made for.", c.declareLoad)
	settings.Object(s, "stream", "The Kinesis data stream.", c.Stream.declare)
	settings.Text(s, &c.Kubeconfig, "kubeconfig", "", anyPath,
		"The kubeconfig with the clusters' contexts. Empty: the ambient one (KUBECONFIG, or ~/.kube/config).")
	settings.Objects(s, &c.Clusters, "clusters", "The EKS clusters whose logs are carried. Empty: none, the pipeline begins at the stream.",
		(*clusterConfig).declare).MaxItems(20)
	settings.Object(s, "logging", "Agents and Fluentd, in every cluster.", c.Logging.declare)
	settings.Objects(s, &c.Flows, "flows", "Which logs are carried, and how they are read. Empty: all of every cluster, as JSON where they are.",
		(*flowConfig).declare).MaxItems(200)
	settings.Object(s, "events", "What becomes of each event.", c.declareEvents)
	settings.Object(s, "access", "Who may assume which role.", c.Access.declare)
	settings.Object(s, "delivery", "The delivery to S3.", c.Delivery.declare)
	settings.Object(s, "lake", "The lifecycle of the raw objects.", c.Lake.declare)
	settings.Object(s, "warehouse", "The Iceberg tables of the metrics.", c.Warehouse.declare)
	settings.Object(s, "metrics", "The streaming job that counts events minute by minute.", c.Metrics.declare)
	settings.Object(s, "batch", "The batch that counts events exactly.", c.Batch.declare)
	settings.Object(s, "query", "How Athena is asked for the metrics.", c.Query.declare)
	settings.Object(s, "dashboard", "The dashboard in QuickSight.", c.Dashboard.declare)
	settings.Object(s, "search", "The search of the raw logs, in OpenSearch.", c.Search.declare)
	settings.Boolean(s, &c.Protect, "protect", true, "Keeps everything stateful from being deleted.")
	settings.Boolean(s, &c.ForceDestroy, "forceDestroy", false, "Deletes buckets with what is in them; contradicts protect.")
}

// loadConfig reads the configuration of the stack. Its error is a *settings.Error with every fault. Call it before anything
// is registered.
func loadConfig(ctx *pulumi.Context) (*Config, error) {
	source, err := settings.FromContext(ctx, Settings(), providerKeys()...)
	if err != nil {
		return nil, err
	}
	return readConfig(source)
}

// refuse makes an error of what is wrong with a configuration that was read without a fault; nil of nothing.
func refuse(ctx *pulumi.Context, found fault.List) error {
	source, err := settings.FromContext(ctx, Settings(), providerKeys()...)
	if err != nil {
		return err
	}
	reading := settings.Read(Settings(), source)
	reading.Report(found...)
	return reading.Err()
}

// Settings are the settings of the program, bound to nothing that anybody reads.
func Settings() *settings.Section {
	var root settings.Section
	new(Config).declare(&root)
	return &root
}

// readConfig reads a configuration in five steps: the values, each by its own rule; the rules between them; the metric spec that
// one of them names; the plan; and what the components say of the args that follow. What a step finds hides what a later one would find about the same settings.
func readConfig(source settings.Source) (*Config, error) {
	c := &Config{}
	var root settings.Section
	c.declare(&root)
	reading := settings.Read(&root, source)
	c.complete(source.Project + "-" + source.Stack)

	reading.ReportTrusted(slices.Concat(
		foreignKeys(source), c.nameRules(reading), c.accountRules(reading), c.clusterRules(), c.loggingRules(reading),
		c.flowRules(reading), c.accessRules(reading), c.metricsRules(reading),
		c.batchRules(reading), c.queryRules(reading), c.dashboardRules(reading), c.searchRules(reading), c.deliveryRules(reading),
	)...)
	reading.Warn(slices.Concat(c.accountWarnings(source, reading), c.streamWarnings())...)
	c.readSpec(reading)
	c.plan(reading)
	c.holdSpec(reading)
	c.check(reading)
	if err := reading.Err(); err != nil {
		return nil, err
	}
	c.Warnings = reading.Warnings()
	return c, nil
}

// complete fills in what follows from other settings where it is not set.
func (c *Config) complete(stack string) {
	if c.NamePrefix == "" {
		c.NamePrefix = stack
	}
	c.Accounts.complete()
	c.Stream.complete(c.NamePrefix)
	c.Logging.complete()
	c.completeFlows()
	c.completeClusters()
	c.completeAccess()
	c.completeLoad()
}

func (c *Config) nameRules(reading *settings.Reading) fault.List {
	problem, refused := naming.Prefix.Refuse(c.NamePrefix)
	return fault.When(refused && !reading.IsSet("namePrefix"), fault.Fault{
		Path: "namePrefix", Problem: problem.Of("not set, and %q, made of project and stack, is ", c.NamePrefix),
	})
}

// check asks the components whether they take what is configured, so that nothing is accepted here and refused halfway
// through a deployment, of this half of the pipeline or of the other. What comes out of other components is not looked at.
func (c *Config) check(reading *settings.Reading) {
	found := fault.Join(
		c.lakeArgs().Check(lakeName).From(lakeSources),
		c.streamArgs(nil).Check(streamName).From(streamSources),
		c.deliveryArgs(nil, nil).Check(deliveryName).From(deliverySources),
		c.warehouseArgs(nil).Check(warehouseName).From(warehouseSources),
		c.checkMetrics(),
		c.checkBatch(),
		c.checkQuery(),
		c.checkDashboard(),
		c.checkSearch(),
		c.checkAccess(),
	)
	for i := range c.Clusters {
		found = append(found, c.checkCluster(i)...)
	}
	reading.Report(found...)
}
