package dashboard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/quicksight"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/metricviews"
)

// views are those with a data set, and how the ids and names of these end.
var views = []struct{ view, id, title string }{
	{metricviews.All, "metrics", ""},
	{metricviews.Records, "records", ": records"},
	{metricviews.Freshness, "freshness", ": freshness"},
	{metricviews.Batches, "batches", ": batches"},
}

// types are QuickSight's for Athena's.
var types = map[string]string{
	"varchar": "STRING", "bigint": "INTEGER", "double": "DECIMAL", "timestamp(6)": "DATETIME",
}

func (d *Dashboard) provisionDataSource(ctx *pulumi.Context) error {
	permissions := quicksight.DataSourcePermissionArray{}
	for _, p := range d.permissions(ofDataSource) {
		permissions = append(permissions, quicksight.DataSourcePermissionArgs{
			Principal: pulumi.String(p.principal), Actions: pulumi.ToStringArray(p.actions),
		})
	}
	source, err := quicksight.NewDataSource(ctx, d.name+"-source", &quicksight.DataSourceArgs{
		AwsAccountId: pulumi.String(d.place.AccountID()),
		DataSourceId: pulumi.String(d.prefix + "-athena"),
		Name:         pulumi.String(d.args.Title),
		Type:         pulumi.String("ATHENA"),
		Parameters: quicksight.DataSourceParametersArgs{
			Athena: quicksight.DataSourceParametersAthenaArgs{WorkGroup: d.args.WorkGroupName.ToStringOutput()},
		},
		Permissions: permissions,
	}, d.stateful(slices.Concat(d.permitted, d.args.After)...)...)
	if err != nil {
		return fmt.Errorf("create data source: %w", err)
	}
	d.source, d.DataSourceARN = source, source.Arn
	return nil
}

func (d *Dashboard) provisionDataSets(ctx *pulumi.Context) error {
	d.dataSets = map[string]*quicksight.DataSet{}
	arns := pulumi.StringMap{}
	for _, v := range views {
		mode, allowed := DirectQuery, ofDataSet
		var refresh quicksight.DataSetRefreshPropertiesPtrInput
		if v.view == metricviews.All && d.args.ImportMode == SPICE {
			mode, allowed, refresh = SPICE, ofDataSet.and(ofRefresh), d.args.Refresh.properties()
		}
		permissions := quicksight.DataSetPermissionArray{}
		for _, p := range d.permissions(allowed) {
			permissions = append(permissions, quicksight.DataSetPermissionArgs{
				Principal: pulumi.String(p.principal), Actions: pulumi.ToStringArray(p.actions),
			})
		}
		set, err := quicksight.NewDataSet(ctx, d.name+"-"+v.id, &quicksight.DataSetArgs{
			AwsAccountId:      pulumi.String(d.place.AccountID()),
			DataSetId:         pulumi.String(d.dataSetID(v.id)),
			Name:              pulumi.String(d.args.Title + v.title),
			ImportMode:        pulumi.String(string(mode)),
			PhysicalTableMaps: quicksight.DataSetPhysicalTableMapArray{d.table(v.view)},
			RefreshProperties: refresh,
			Permissions:       permissions,
		}, d.stateful()...)
		if err != nil {
			return fmt.Errorf("create data set %s: %w", v.id, err)
		}
		d.dataSets[v.view], arns[v.view] = set, set.Arn
	}
	d.DataSetARNs = arns.ToStringMapOutput()
	return nil
}

func (d *Dashboard) dataSetID(id string) string { return d.prefix + "-" + id }

// table is where a data set has its rows from: a view, with its dimensions as texts.
func (d *Dashboard) table(view string) quicksight.DataSetPhysicalTableMapArgs {
	columns := d.columns(view)
	shown := quicksight.DataSetPhysicalTableMapCustomSqlColumnArray{}
	for _, c := range columns {
		shown = append(shown, quicksight.DataSetPhysicalTableMapCustomSqlColumnArgs{Name: pulumi.String(c.name), Type: pulumi.String(c.dataType)})
	}
	return quicksight.DataSetPhysicalTableMapArgs{
		PhysicalTableMapId: pulumi.String(strings.ReplaceAll(view, "_", "-")),
		CustomSql: quicksight.DataSetPhysicalTableMapCustomSqlArgs{
			DataSourceArn: d.source.Arn,
			Name:          pulumi.String(view),
			SqlQuery:      d.args.DatabaseName.ToStringOutput().ApplyT(func(database string) string { return query(columns, database, view) }).(pulumi.StringOutput),
			Columns:       shown,
		},
	}
}

// column is a column of a data set.
type column struct{ name, expression, dataType string }

func (d *Dashboard) columns(view string) []column {
	all := metricviews.Of(d.args.Spec)
	at := all[slices.IndexFunc(all, func(v metricviews.View) bool { return v.Name == view })]
	dimensions := metricviews.Dimensions(d.args.Spec)
	columns := make([]column, len(at.Columns))
	for i, c := range at.Columns {
		columns[i] = column{c.Name, quoted(c.Name), types[c.Type]}
		if view == metricviews.All && c.Type != "varchar" && slices.Contains(dimensions, c) {
			columns[i] = column{c.Name, fmt.Sprintf("CAST(%s AS varchar) AS %s", quoted(c.Name), quoted(c.Name)), types["varchar"]}
		}
	}
	return columns
}

func query(columns []column, database, view string) string {
	expressions := make([]string, len(columns))
	for i, c := range columns {
		expressions[i] = c.expression
	}
	return fmt.Sprintf("SELECT %s FROM %s.%s", strings.Join(expressions, ", "), quoted(database), quoted(view))
}

// quoted is a name in Athena's SQL.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
