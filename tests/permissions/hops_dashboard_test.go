package permissions

import "slices"

// dashboardHops are those of QuickSight's own role, which asks Athena about the views of a database.
func dashboardHops(w *world, database string, key target) []hop {
	role := w.quickSight()
	return slices.Concat(
		[]hop{askAthenaHop(w, role)}, quickSightCatalogHops(role, database), quickSightFileHops(w, role, key), quickSightResultHops(w, role, key),
		[]hop{quickSightBucketHop(w, role)},
	)
}

func askAthenaHop(w *world, role *role) hop {
	workgroup := w.only("aws:athena/workgroup:Workgroup")
	return hop{
		name: "QuickSight asks Athena", by: session(role),
		does: []string{
			"athena:BatchGetQueryExecution", "athena:GetQueryExecution", "athena:GetQueryResults", "athena:GetQueryResultsStream", "athena:GetWorkGroup",
			"athena:ListQueryExecutions", "athena:StartQueryExecution", "athena:StopQueryExecution",
		},
		on: []target{{arn: workgroup.text("arn"), account: workgroup.account}},
		denied: denied{
			"another workgroup": on(of("athena", "workgroup/primary")),
			"changing it":       doing("athena:UpdateWorkGroup", "athena:DeleteWorkGroup", "athena:CreateNamedQuery"),
			"another role":      by(sessionOf(dataAccount, "other")),
		},
	}
}

// quickSightCatalogHops are Athena's own names for the catalog, and Glue's, which asks for the permission on every level.
func quickSightCatalogHops(role *role, database string) []hop {
	levels := []target{of("glue", "catalog"), of("glue", "database/"+database)}
	tables := slices.Clone(levels)
	for _, name := range []string{
		"metrics", "pipeline_records", "pipeline_freshness", "pipeline_batches", "metrics_live", "metrics_gaps", "metrics_batch", "batch_runs",
	} {
		tables = append(tables, of("glue", "table/"+database+"/"+name))
	}
	return []hop{
		{
			name: "QuickSight finds the catalog", by: session(role),
			does: []string{"athena:GetDataCatalog", "athena:GetDatabase", "athena:GetTableMetadata", "athena:ListDatabases", "athena:ListTableMetadata"},
			on:   []target{of("athena", "datacatalog/AwsDataCatalog")},
			denied: denied{
				"another catalog": on(of("athena", "datacatalog/other")),
				"changing it":     doing("athena:UpdateDataCatalog", "athena:DeleteDataCatalog"),
			},
		},
		{
			name: "QuickSight finds the database", by: session(role), does: []string{"glue:GetDatabase"}, on: levels,
			denied: denied{
				"another database": on(of("glue", "database/other")),
				"changing it":      doing("glue:UpdateDatabase", "glue:DeleteDatabase"),
			},
		},
		{
			name: "QuickSight reads views and tables in the catalog", by: session(role), does: []string{"glue:GetTable"}, on: tables,
			denied: denied{
				"another table": on(of("glue", "table/"+database+"/other"), of("glue", "table/other/metrics")),
				"changing it":   doing("glue:UpdateTable", "glue:DeleteTable"),
			},
		},
	}
}

func quickSightFileHops(w *world, role *role, key target) []hop {
	const bucket = "lake-warehouse"
	file, elsewhere := w.object(bucket, "metrics/metrics_batch/data/a.parquet"), w.object(bucket, "checkpoints/metrics/1/offsets/1")
	hops := []hop{{
		name: "QuickSight reads the tables' files", by: session(role), does: []string{"s3:GetObject"}, on: []target{file},
		denied: denied{
			"checkpoints":    on(elsewhere),
			"another bucket": on(w.object("lake-raw", "metrics/a")),
			"writing":        doing("s3:PutObject", "s3:DeleteObject"),
			"without TLS":    with("aws:SecureTransport", "false"),
		},
	}}
	return append(hops, objectKeyHops(w, role, objectKeys{
		bucket: bucket, objects: []target{file}, elsewhere: elsewhere, key: key, does: []string{"kms:Decrypt"}, never: []string{"kms:GenerateDataKey", "kms:Encrypt"},
	})...)
}

func quickSightResultHops(w *world, role *role, key target) []hop {
	const bucket = "lake-results"
	result, elsewhere := w.object(bucket, "athena/a.csv"), w.object("lake-failed", "athena/a.csv")
	hops := []hop{{
		name: "QuickSight has Athena write and reads results", by: session(role),
		does: []string{"s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"}, on: []target{result},
		denied: denied{
			"another bucket": on(elsewhere),
			"deleting":       doing("s3:DeleteObject"),
			"without TLS":    with("aws:SecureTransport", "false"),
		},
	}}
	return append(hops, objectKeyHops(w, role, objectKeys{
		bucket: bucket, objects: []target{result}, elsewhere: elsewhere, key: key,
		does: []string{"kms:Decrypt", "kms:GenerateDataKey"}, never: []string{"kms:Encrypt", "kms:CreateGrant"},
	})...)
}

func quickSightBucketHop(w *world, role *role) hop {
	return hop{
		name: "QuickSight finds and lists its buckets", by: session(role),
		does: []string{"s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"},
		on:   []target{w.bucket("lake-warehouse"), w.bucket("lake-results")},
		denied: denied{
			"another bucket": on(w.bucket("lake-raw")),
			"its settings":   doing("s3:GetBucketPolicy", "s3:PutBucketPolicy"),
			"versions":       doing("s3:ListBucketVersions"),
		},
	}
}
