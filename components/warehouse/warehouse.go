// Package warehouse builds where the metrics rest: a Glue database with four Iceberg tables, and the optimizers that keep
// them small.
//
//	metrics_live   a value for each metric, window and set of dimensions, by the day of the window, from the streaming job
//	metrics_gaps   which windows of metrics_live may lack events until the batch has counted them
//	metrics_batch  the same columns as metrics_live, exact, from the batch: it counts for windows before the cut-over
//	batch_runs     a row for each run of the batch; the latest of their cut-overs is the one that counts
//
// Default settings: Iceberg format 2, which Athena reads; each table under its own prefix, metrics/<name of the table>, with
// nothing else under it; compaction; snapshots kept for a day and deleted with their files; files that no snapshot names
// deleted after three days; one role for the optimizers, with the permissions that
// docs.aws.amazon.com/glue/latest/dg/optimization-prerequisites.html names, but for four tables, four prefixes and one key.
//
// Glue makes a table once, with its first metadata and no partitions. From then on the tables are the jobs': their commits
// move metadata_location, and they add columns and partitions. An update of Glue's entry from here would change no Iceberg
// metadata (gh:hashicorp/terraform-provider-aws#36641), and one that runs beside a commit would undo it: the provider
// reads metadata_location, writes it back, and names no version that it expects (internal/service/glue/catalog_table.go,
// resourceCatalogTableUpdate). So every property that the provider could update is ignored after the creation. What has to
// change another way: a column by a job; the bucket by another database, or pulumi up --replace.
//
// Times are columns of Glue's type timestamp. In Athena's own statements it is Iceberg's timestamp without zone, the only one
// that they take (docs.aws.amazon.com/athena/latest/ug/querying-iceberg-supported-data-types.html). Which of Iceberg's two Glue
// makes of it is not documented: who writes has to ask the table, and all values are UTC.
//
// Lake Formation: in a new account IAM alone decides, since its group IAMAllowedPrincipals may do everything with what is
// made (docs.aws.amazon.com/lake-formation/latest/dg/change-settings.html). The database says the same of its tables
// itself, so that they are readable by IAM in an account whose defaults were taken away too. There the database itself
// lacks the group: Args.GrantToIAM grants it, for which whoever deploys has to be a data lake administrator or the
// database's creator. What is not handled: an account that has no use for the group at all. There a data lake
// administrator takes the grants back and gives the roles their own: OptimizerRoleARN ALTER, DESCRIBE, INSERT and DELETE,
// readers DESCRIBE and SELECT. The bucket is not registered with Lake Formation.
//
// What it does not do: it makes no job, no view and no alarm. Glue logs the optimizers' runs in three log groups
// /aws-glue/iceberg-*/logs, which it makes itself and all tables of the account share: their retention is the account's
// affair. Glue suspends compaction when it fails four times in a row
// (docs.aws.amazon.com/glue/latest/dg/optimizer-notes.html); nothing here notices.
package warehouse

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/component"
	"example.com/log-pipeline/internal/iampolicy"
)

// Type is the component's type token.
const Type = "log-pipeline:warehouse:Warehouse"

var kind = component.Kind{Type: Type, Noun: "warehouse"}

// Warehouse is the database, its tables and their optimizers.
type Warehouse struct {
	pulumi.ResourceState

	// DatabaseName is the Glue database's name.
	DatabaseName pulumi.StringOutput `pulumi:"databaseName"`
	// DatabaseARN is its ARN.
	DatabaseARN pulumi.StringOutput `pulumi:"databaseArn"`
	// LiveTableName is the table of the metrics.
	LiveTableName pulumi.StringOutput `pulumi:"liveTableName"`
	// LiveTableARN is its ARN.
	LiveTableARN pulumi.StringOutput `pulumi:"liveTableArn"`
	// GapsTableName is the table of the windows that may lack events.
	GapsTableName pulumi.StringOutput `pulumi:"gapsTableName"`
	// GapsTableARN is its ARN.
	GapsTableARN pulumi.StringOutput `pulumi:"gapsTableArn"`
	// BatchTableName is the table of the exact metrics.
	BatchTableName pulumi.StringOutput `pulumi:"batchTableName"`
	// BatchTableARN is its ARN.
	BatchTableARN pulumi.StringOutput `pulumi:"batchTableArn"`
	// RunsTableName is the table of the batch's runs, which holds the cut-over.
	RunsTableName pulumi.StringOutput `pulumi:"runsTableName"`
	// RunsTableARN is its ARN.
	RunsTableARN pulumi.StringOutput `pulumi:"runsTableArn"`
	// Location is where the tables are: s3://<bucket>/metrics/.
	Location pulumi.StringOutput `pulumi:"location"`
	// OptimizerRoleARN is the role that Glue takes on to optimize the tables.
	OptimizerRoleARN pulumi.StringOutput `pulumi:"optimizerRoleArn"`

	args  Args
	name  string
	ready []pulumi.Resource
	place iampolicy.Place
}

// New makes the database, the tables and their optimizers. It returns all faults of args in one error, and registers
// nothing then.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Warehouse, error) {
	w := &Warehouse{args: args.resolve(), name: name}
	return component.New(ctx, kind, name, w, args.Check(name), w.provision, opts...)
}

// Ready are the tables, for pulumi.DependsOn: nothing can read or write metrics before they exist.
func (w *Warehouse) Ready() []pulumi.Resource { return w.ready }

func (w *Warehouse) provision(ctx *pulumi.Context) (err error) {
	if w.place, err = iampolicy.NewPlace(w.args.AccountID, w.args.Region); err != nil {
		return err
	}
	encrypted, err := w.encryptCatalog(ctx)
	if err != nil {
		return err
	}
	before, err := w.provisionDatabase(ctx, encrypted)
	if err != nil {
		return err
	}
	w.Location = pulumi.Sprintf("s3://%s/%s", w.args.BucketName, prefix)
	role, policy, err := w.provisionRole(ctx)
	if err != nil {
		return err
	}
	for _, t := range tables {
		table, err := w.provisionTable(ctx, t, before)
		if err != nil {
			return err
		}
		if err := w.provisionOptimizers(ctx, t, table, role, policy); err != nil {
			return fmt.Errorf("table %q: %w", t.name, err)
		}
		w.ready = append(w.ready, table)
	}
	return nil
}

// bucketARN is the ARN of the bucket of the tables.
func (w *Warehouse) bucketARN() pulumi.StringOutput {
	return w.args.BucketName.ToStringOutput().ApplyT(w.place.BucketARN).(pulumi.StringOutput)
}

// stateful are the options of what holds data, or the way to it.
func (w *Warehouse) stateful() []pulumi.ResourceOption {
	return []pulumi.ResourceOption{pulumi.Parent(w), pulumi.Protect(w.args.Protect), pulumi.RetainOnDelete(w.args.Protect)}
}

// neededByTheTables are the options of what works on the tables: a table that is retained goes on being optimized.
func (w *Warehouse) neededByTheTables(depends ...pulumi.Resource) []pulumi.ResourceOption {
	return []pulumi.ResourceOption{pulumi.Parent(w), pulumi.RetainOnDelete(w.args.Protect), pulumi.DependsOn(depends)}
}
