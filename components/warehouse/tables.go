package warehouse

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	// prefix begins the keys of everything that the tables consist of.
	prefix = "metrics/"

	liveTable  = "metrics_live"
	gapsTable  = "metrics_gaps"
	batchTable = "metrics_batch"
	runsTable  = "batch_runs"
)

// table is one of the tables. Nothing but its own files may lie under its location, or the optimizer takes them for
// orphans: so no name of a table begins another.
type table struct {
	// role is the end of the logical name.
	role, name, description string
	columns                 []column
}

// column is a column as Glue makes it. The job adds those that come later.
type column struct{ name, typ, comment string }

// metricColumns are the same in all tables of metrics.
var metricColumns = []column{
	{"metric", "string", "Name of the metric or ratio"},
	{"window_start", "timestamp", "Start of the window, UTC"},
	{"dimensions", "string", "Values of the dimensions, a JSON object with sorted keys"},
	{"value", "double", "Value of the whole window"},
	{"updated_at", "timestamp", "When the row was written last, UTC"},
}

var tables = []table{
	{
		role: "live", name: liveTable, description: "Metrics, a row for each metric, window and set of dimensions",
		columns: metricColumns,
	},
	{
		role: "gaps", name: gapsTable, description: "Windows that may lack events until the batch has counted them",
		columns: []column{
			{"checkpoint", "string", "Checkpoint of the job that noted the gap"},
			{"batch_id", "bigint", "Its batch"},
			{"window_from", "timestamp", "Start of the first such window, UTC"},
			{"window_to", "timestamp", "End of the last one, UTC, exclusive"},
			{"dropped_rows", "bigint", "Rows dropped behind the watermark; null where it is unknown how many"},
			{"noted_at", "timestamp", "When the gap was noted, UTC"},
		},
	},
	{
		role: "batch", name: batchTable, description: "Exact metrics, a row for each metric, window before the cut-over and set of dimensions",
		columns: metricColumns,
	},
	{
		role: "runs", name: runsTable, description: "Runs of the batch, of which the latest cut-over counts",
		columns: []column{
			{"run", "string", "Run of the batch"},
			{"state", "string", "running, done or failed"},
			{"range_from", "timestamp", "Start of the first window that it counts, UTC"},
			{"range_to", "timestamp", "End of the last one, UTC, exclusive"},
			{"cut_over", "timestamp", "Where metrics_batch ends and metrics_live begins since this run, UTC; null where it has not moved it"},
			{"objects", "bigint", "Objects that it has read"},
			{"records", "bigint", "Records in them"},
			{"duplicates", "bigint", "Records whose event was counted already"},
			{"rejected", "string", "Records that were not counted, a JSON object of numbers by reason"},
			{"version", "string", "Version of code, spec and settings"},
			{"started_at", "timestamp", "When it started, UTC"},
			{"updated_at", "timestamp", "When the row was written last, UTC"},
		},
	},
}

// updatable are the properties that the provider updates in place.
var updatable = []string{
	"description", "owner", "parameters", "partitionKeys", "retention", "storageDescriptor", "tableType",
	"viewExpandedText", "viewOriginalText",
}

func (w *Warehouse) provisionTable(ctx *pulumi.Context, t table, after []pulumi.Resource) (*glue.CatalogTable, error) {
	made, err := glue.NewCatalogTable(ctx, w.name+"-"+t.role, &glue.CatalogTableArgs{
		DatabaseName: w.DatabaseName,
		Name:         pulumi.String(t.name),
		Description:  pulumi.String(t.description),
		TableType:    pulumi.String("EXTERNAL_TABLE"),
		OpenTableFormatInput: glue.CatalogTableOpenTableFormatInputArgs{
			IcebergInput: glue.CatalogTableOpenTableFormatInputIcebergInputArgs{
				MetadataOperation: pulumi.String("CREATE"),
				// Version 3 is one-way, and Athena does not read it (docs.aws.amazon.com/athena/latest/ug/querying-iceberg.html).
				Version: pulumi.String("2"),
			},
		},
		StorageDescriptor: glue.CatalogTableStorageDescriptorArgs{
			Location: w.locationOf(t),
			Columns:  columns(t.columns),
		},
	}, append(w.stateful(), pulumi.IgnoreChanges(updatable), pulumi.DependsOn(after))...)
	if err != nil {
		return nil, fmt.Errorf("create table %q: %w", t.name, err)
	}
	switch t.name {
	case liveTable:
		w.LiveTableName, w.LiveTableARN = made.Name, made.Arn
	case gapsTable:
		w.GapsTableName, w.GapsTableARN = made.Name, made.Arn
	case batchTable:
		w.BatchTableName, w.BatchTableARN = made.Name, made.Arn
	case runsTable:
		w.RunsTableName, w.RunsTableARN = made.Name, made.Arn
	}
	return made, nil
}

// locationOf has no slash at its end, as Iceberg writes locations.
func (w *Warehouse) locationOf(t table) pulumi.StringOutput {
	return pulumi.Sprintf("%s%s", w.Location, t.name)
}

func columns(columns []column) glue.CatalogTableStorageDescriptorColumnArray {
	array := make(glue.CatalogTableStorageDescriptorColumnArray, len(columns))
	for i, c := range columns {
		array[i] = glue.CatalogTableStorageDescriptorColumnArgs{
			Name: pulumi.String(c.name), Type: pulumi.String(c.typ), Comment: pulumi.String(c.comment),
		}
	}
	return array
}
