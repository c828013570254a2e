package metrics

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
)

const (
	// tables begins the keys of what the tables consist of, in the warehouse's bucket.
	tables = "metrics/"

	liveTable  = "metrics_live"
	gapsTable  = "metrics_gaps"
	batchTable = "metrics_batch"
	runsTable  = "batch_runs"
)

// catalogSettings are Spark's settings for the catalog called warehouse. None has a space in it.
func (m maker) catalogSettings(bucket pulumi.StringInput) pulumi.StringArrayOutput {
	const catalog = "spark.sql.catalog.warehouse"
	return pulumi.StringArray{
		pulumi.String("spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"),
		pulumi.String(catalog + "=org.apache.iceberg.spark.SparkCatalog"),
		pulumi.String(catalog + ".catalog-impl=org.apache.iceberg.aws.glue.GlueCatalog"),
		pulumi.String(catalog + ".io-impl=org.apache.iceberg.aws.s3.S3FileIO"),
		pulumi.Sprintf(catalog+".warehouse=s3://%s/"+tables, bucket),
		// foreachBatch has a session of its own: a cached table would be what it was before the batches ago.
		pulumi.String(catalog + ".cache-enabled=false"),
		pulumi.String(catalog + ".client.region=" + m.region),
		pulumi.String(catalog + ".s3.sse.type=kms"),
		pulumi.Sprintf(catalog+".s3.sse.key=%s", m.key),
		pulumi.String("spark.sql.session.timeZone=UTC"),
		// Without it S3A calls us-east-2 (docs.aws.amazon.com/glue/latest/dg/migrating-version-51.html).
		pulumi.String("spark.hadoop.fs.s3a.endpoint.region=" + m.region),
	}.ToStringArrayOutput()
}

// inCatalog allows something with the database and tables of it. It is for Iceberg's GlueCatalog, which commits by updating the
// table. Glue asks for the permission on every level (docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html).
func (m maker) inCatalog(sid string, actions []string, database pulumi.StringInput, names ...string) iampolicy.Statement {
	levels := []pulumi.StringInput{
		pulumi.String(m.place.ARN("glue", "catalog")), pulumi.Sprintf("%s/%s", m.place.ARN("glue", "database"), database),
	}
	for _, name := range names {
		levels = append(levels, pulumi.Sprintf("%s/%s/%s", m.place.ARN("glue", "table"), database, name))
	}
	return iampolicy.Statement{Sid: sid, Effect: iampolicy.Allow, Actions: actions, Resources: levels}
}

func (m maker) findDatabase(name pulumi.StringInput) iampolicy.Statement {
	return m.inCatalog("FindDatabase", []string{"glue:GetDatabase"}, name)
}
