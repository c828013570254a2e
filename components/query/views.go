package query

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/athena"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/metricviews"
)

// catalog is what Athena calls the account's Glue catalog in a view.
const catalog = "awsdatacatalog"

// glueTypes are Glue's names of Athena's types.
var glueTypes = map[string]string{
	"varchar": "string", "bigint": "bigint", "boolean": "boolean", "double": "double", "timestamp(6)": "timestamp",
}

// ViewText is the text of a view as Athena keeps it in Glue: Presto's JSON, in Base64, in a comment.
func ViewText(view metricviews.View, database string) (string, error) {
	sql, err := view.SQL(database)
	if err != nil {
		return "", err
	}
	type column struct {
		Name string `json:"name"`
		Type string `json:"type"`
	}
	columns := make([]column, len(view.Columns))
	for i, c := range view.Columns {
		columns[i] = column{c.Name, c.Type}
	}
	text, err := json.Marshal(struct {
		OriginalSQL string   `json:"originalSql"`
		Catalog     string   `json:"catalog"`
		Schema      string   `json:"schema"`
		Columns     []column `json:"columns"`
	}{sql, catalog, database, columns})
	if err != nil {
		return "", fmt.Errorf("view %q: %w", view.Name, err)
	}
	return "/* Presto View: " + base64.StdEncoding.EncodeToString(text) + " */", nil
}

func (q *Query) provisionViews(ctx *pulumi.Context) error {
	var names pulumi.StringArray
	for _, view := range metricviews.Of(q.args.Spec) {
		made, err := q.provisionView(ctx, view)
		if err != nil {
			return fmt.Errorf("create view %q: %w", view.Name, err)
		}
		q.ready, names = append(q.ready, made), append(names, made.Name)
	}
	q.ViewNames = names.ToStringArrayOutput()
	return nil
}

func (q *Query) provisionView(ctx *pulumi.Context, view metricviews.View) (*glue.CatalogTable, error) {
	text := q.args.DatabaseName.ToStringOutput().ApplyT(func(database string) (string, error) {
		return ViewText(view, database)
	}).(pulumi.StringOutput)
	return glue.NewCatalogTable(ctx, q.name+"-view-"+view.Name, &glue.CatalogTableArgs{
		DatabaseName:     q.args.DatabaseName,
		Name:             pulumi.String(view.Name),
		Description:      pulumi.String(view.Description),
		TableType:        pulumi.String("VIRTUAL_VIEW"),
		ViewOriginalText: text,
		ViewExpandedText: pulumi.String("/* Presto View */"),
		// As Athena sets them on a view of its own.
		Parameters: pulumi.StringMap{"presto_view": pulumi.String("true"), "comment": pulumi.String("Presto View")},
		StorageDescriptor: glue.CatalogTableStorageDescriptorArgs{
			Columns: columns(view.Columns),
			// Athena refuses an entry without SerDe, and the provider sends none that is empty
			// (gh:hashicorp/terraform-provider-aws#28517). Of a view nothing reads it.
			SerDeInfo: glue.CatalogTableStorageDescriptorSerDeInfoArgs{
				Name: pulumi.String("-"), SerializationLibrary: pulumi.String("-"),
			},
		},
		// The name is set: another view of that name cannot be made before this one has gone.
	}, pulumi.Parent(q), pulumi.DeleteBeforeReplace(true), pulumi.DependsOn(q.args.After))
}

func columns(columns []metricviews.Column) glue.CatalogTableStorageDescriptorColumnArray {
	array := make(glue.CatalogTableStorageDescriptorColumnArray, len(columns))
	for i, c := range columns {
		array[i] = glue.CatalogTableStorageDescriptorColumnArgs{
			Name: pulumi.String(c.Name), Type: pulumi.String(glueTypes[c.Type]), Comment: pulumi.String(c.Description),
		}
	}
	return array
}

func (q *Query) provisionNamedQueries(ctx *pulumi.Context) error {
	for _, query := range metricviews.Queries(q.args.Spec) {
		role := strings.ToLower(strings.ReplaceAll(query.Name, " ", "-"))
		_, err := athena.NewNamedQuery(ctx, q.name+"-query-"+role, &athena.NamedQueryArgs{
			Name:        pulumi.String(query.Name),
			Description: pulumi.String(query.Description),
			Workgroup:   q.WorkGroupName,
			Database:    q.args.DatabaseName,
			Query:       q.args.DatabaseName.ToStringOutput().ApplyT(query.SQL).(pulumi.StringOutput),
		}, pulumi.Parent(q))
		if err != nil {
			return fmt.Errorf("create named query %q: %w", query.Name, err)
		}
	}
	return nil
}
