// Package stacks says what an environment is: its configuration, the accounts
// that it lives in, and the components that it is made of, in the order in
// which the data flows. It makes no resources of its own.
package stacks

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/access"
	"example.com/log-pipeline/components/dashboard"
	"example.com/log-pipeline/components/delivery"
	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/components/metrics"
	"example.com/log-pipeline/components/query"
	"example.com/log-pipeline/components/search"
	"example.com/log-pipeline/components/stream"
	"example.com/log-pipeline/components/warehouse"
)

// dataSide is the data account's half.
type dataSide struct {
	store *lake.Lake
	logs  *stream.Stream
	raw   *delivery.S3
	// tables are there whether anybody writes metrics or not.
	tables *warehouse.Warehouse
	// metrics is nil where nothing is counted, and so are batch, query and dashboard.
	metrics   *metrics.Streaming
	batch     *metrics.Batch
	query     *query.Query
	dashboard *dashboard.Dashboard
	// search is nil where nothing is searched, and so are its writer and the delivery to it.
	search       *search.Search
	searchWriter *delivery.Writer
	searched     *delivery.Search
	// writer is nil where nobody is to write, and reader where nobody is to read.
	writer *access.Writer
	reader *access.Reader
}

// lake is the half's lake; nil where there is none.
func (d *dataSide) lake() *lake.Lake {
	if d == nil {
		return nil
	}
	return d.store
}

// serviceSide is the service account's half.
type serviceSide struct {
	// identities are the clusters' Fluentd roles, by the clusters' names.
	identities map[string]*access.PodIdentity
}

// Deploy registers the whole pipeline for the stack that it is run for. If
// anything is wrong with the configuration, it registers nothing and its error
// names every fault.
func Deploy(ctx *pulumi.Context) error {
	config, err := loadConfig(ctx)
	if err != nil {
		return err
	}
	if err := explain(ctx, config); err != nil {
		return err
	}
	if err := announceMetrics(ctx, config); err != nil {
		return err
	}
	if err := config.keepDeliveryStreams(ctx); err != nil {
		return err
	}
	if err := config.buildFunction(ctx); err != nil {
		return err
	}
	providers, err := newProviders(ctx, config)
	if err != nil {
		return err
	}
	if err := config.missingGroups(ctx, providers); err != nil {
		return err
	}
	data, err := deployData(ctx, config, providers)
	if err != nil {
		return err
	}
	// Last, though the logs begin there: Firehose reads the stream from the moment of its own creation.
	service, err := deployClusters(ctx, config, providers, data)
	if err != nil {
		return err
	}
	return export(ctx, config, data, service)
}

// deployData makes the data account's half: nil where it is made elsewhere.
func deployData(ctx *pulumi.Context, config *Config, providers *Providers) (*dataSide, error) {
	if !config.Accounts.makesData() {
		return nil, nil
	}
	in := pulumi.Providers(providers.Data)
	var d dataSide
	var err error
	if d.store, err = lake.New(ctx, lakeName, config.lakeArgs(), in); err != nil {
		return nil, err
	}
	if d.logs, err = stream.New(ctx, streamName, config.streamArgs(d.store.KeyARN), in); err != nil {
		return nil, err
	}
	if d.raw, err = delivery.NewS3(ctx, deliveryName, config.deliveryArgs(d.store, d.logs), in); err != nil {
		return nil, err
	}
	if d.tables, err = warehouse.New(ctx, warehouseName, config.warehouseArgs(d.store), in); err != nil {
		return nil, err
	}
	if err := d.deployMetrics(ctx, config, in); err != nil {
		return nil, err
	}
	if len(config.producers()) > 0 {
		args := config.writerArgs(d.store, d.logs)
		args.After = d.raw.Ready()
		if d.writer, err = access.NewWriter(ctx, writerName, args, in); err != nil {
			return nil, err
		}
	}
	if len(config.Access.ReaderRoleARNs) > 0 {
		if d.reader, err = access.NewReader(ctx, readerName, config.readerArgs(d.store, d.raw), in); err != nil {
			return nil, err
		}
	}
	if err := d.deploySearch(ctx, config, in); err != nil {
		return nil, err
	}
	return &d, nil
}

// deploySearch makes the domain after the roles that it names, and the delivery to it after all that is inside.
func (d *dataSide) deploySearch(ctx *pulumi.Context, config *Config, in pulumi.ResourceOption) (err error) {
	if !config.makesSearch() {
		return nil
	}
	if d.searchWriter, err = delivery.NewWriter(ctx, searchWriterName, config.searchWriterArgs(), in); err != nil {
		return err
	}
	if d.search, err = search.New(ctx, searchName, config.searchArgs(d), in); err != nil {
		return err
	}
	d.searched, err = delivery.NewSearch(ctx, searchDeliveryName, config.searchDeliveryArgs(d), in)
	return err
}

// deployMetrics makes what counts events, and what the numbers are asked and seen by.
func (d *dataSide) deployMetrics(ctx *pulumi.Context, config *Config, in pulumi.ResourceOption) (err error) {
	if !config.makesMetrics() {
		return nil
	}
	if d.metrics, err = metrics.New(ctx, metricsName, config.metricsArgs(d), in); err != nil {
		return err
	}
	if config.makesBatch() {
		if d.batch, err = metrics.NewBatch(ctx, batchName, config.batchArgs(d), in); err != nil {
			return err
		}
	}
	if d.query, err = query.New(ctx, queryName, config.queryArgs(d), in); err != nil {
		return err
	}
	if config.makesDashboard() {
		d.dashboard, err = dashboard.New(ctx, dashboardName, config.dashboardArgs(d), in)
	}
	return err
}

// deployClusters makes the service account's half: nil where it is made elsewhere, or where there are no clusters. data is
// nil where the data account's half is made elsewhere.
func deployClusters(ctx *pulumi.Context, config *Config, providers *Providers, data *dataSide) (*serviceSide, error) {
	if !config.Accounts.makesService() || len(config.Clusters) == 0 {
		return nil, nil
	}
	side := &serviceSide{identities: make(map[string]*access.PodIdentity)}
	for _, cluster := range config.Clusters {
		identity, err := access.NewPodIdentity(ctx, cluster.Name, config.identityArgs(cluster), pulumi.Providers(providers.Service))
		if err != nil {
			return nil, err
		}
		side.identities[cluster.Name] = identity
		args := config.loggingArgs(cluster, data.lake())
		args.After = loggingNeeds(identity, data)
		_, err = logging.New(ctx, cluster.Name, args, pulumi.Providers(providers.Clusters[cluster.Name]))
		if err != nil {
			return nil, err
		}
	}
	return side, nil
}

// loggingNeeds is what must be there before the first log leaves a cluster: the way to the stream, and whoever reads it.
func loggingNeeds(identity *access.PodIdentity, data *dataSide) []pulumi.Resource {
	if data == nil {
		return identity.Ready()
	}
	return slices.Concat(identity.Ready(), data.raw.Ready(), data.writer.Ready())
}

// otherHalf says what is left to do where one half is made elsewhere.
var otherHalf = map[Side]string{
	sideData: "this is the data account's half alone. In the service account, each role of Fluentd needs the policy counterpart.producers. If this " +
		"program makes that half too, it wants the same namePrefix, clusters, logging.outputs, logging.firehoseName and access.writerExternalId, " +
		"accounts.side service, and access.failedBucketName and access.s3BucketName from the outputs failedBucket and rawBucket",
	sideService: "this is the service account's half alone. In the data account, the role of the output writerRoleArn needs the trust policy " +
		"counterpart.writerTrust, kinesis:PutRecords on the stream, kms:GenerateDataKey on its key and on the buckets', and s3:PutObject under " +
		failedPrefix + " in the failed bucket, and under " + directPrefix + " where there is the output s3. If this program makes that half too, it wants the " +
		"same namePrefix, clusters, logging.outputs, logging.firehoseName and access.writerExternalId, and accounts.side data",
}

// explain tells what works at a price, why a computed capacity mode is what it is, and what is left to others.
func explain(ctx *pulumi.Context, config *Config) error {
	for _, warning := range config.Warnings {
		if err := ctx.Log.Warn(warning, nil); err != nil {
			return fmt.Errorf("show a warning: %w", err)
		}
	}
	for _, information := range []string{config.ModeReason, otherHalf[config.Accounts.Side]} {
		if information == "" {
			continue
		}
		if err := ctx.Log.Info(information, nil); err != nil {
			return fmt.Errorf("explain the plan: %w", err)
		}
	}
	return nil
}
