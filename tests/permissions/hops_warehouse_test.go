package permissions

// warehouseHops are those of the optimizers, from their role to the tables.
func warehouseHops(w *world, key target) []hop {
	const bucket = "lake-warehouse"
	role := w.role("warehouse-optimizer-role")
	files := []target{
		w.object(bucket, "metrics/metrics_live/data/a.parquet"), w.object(bucket, "metrics/metrics_gaps/metadata/a.metadata.json"),
		w.object(bucket, "metrics/metrics_batch/data/a.parquet"), w.object(bucket, "metrics/batch_runs/data/a.parquet"),
	}
	elsewhere := w.object(bucket, "checkpoints/metrics/a")
	hops := []hop{
		takeOnByGlue("Glue takes on the role of the optimizers", w, role),
		{
			name: "an optimizer rewrites files", by: session(role),
			does: []string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject"}, on: files,
			denied: denied{
				"the job's checkpoint": on(elsewhere),
				"another bucket":       on(w.object("lake-raw", "metrics/metrics_live/a")),
				"old versions":         doing("s3:DeleteObjectVersion"),
				"without TLS":          with("aws:SecureTransport", "false"),
			},
		},
		{
			name: "an optimizer lists files", by: session(role), does: []string{"s3:ListBucket"}, on: []target{w.bucket(bucket)},
			denied: denied{
				"another bucket":      on(w.bucket("lake-raw")),
				"changing the bucket": doing("s3:PutBucketPolicy", "s3:DeleteBucket"),
				"without TLS":         with("aws:SecureTransport", "false"),
			},
		},
		optimizerLogHop(role),
	}
	hops = append(hops, commitHops(w, role)...)
	return append(hops, objectKeyHops(w, role, objectKeys{
		bucket: bucket, objects: files, elsewhere: elsewhere, key: key,
		does: []string{"kms:Decrypt", "kms:GenerateDataKey"}, never: []string{"kms:Encrypt", "kms:CreateGrant"},
	})...)
}

// takeOnByGlue has no condition: whoever could have Glue take on the role has to be allowed to pass it, in its own account.
func takeOnByGlue(name string, w *world, role *role) hop {
	return hop{
		name: name, by: service("glue.amazonaws.com"), does: []string{"sts:AssumeRole"}, on: []target{role.itself()},
		denied: denied{
			"another service":                   by(service("firehose.amazonaws.com"), service("lambda.amazonaws.com")),
			"session tags":                      doing("sts:TagSession", "sts:SetSourceIdentity"),
			"an administrator of the account":   by(admin(dataAccount, "admin")),
			"an administrator of a third":       by(admin(strange, "admin")),
			"the writer role of the same stack": by(session(w.role("writer-role"))),
		},
	}
}

// commitHops are one for each level of the catalog, since Glue asks for each.
func commitHops(w *world, role *role) []hop {
	table := w.the("aws:glue/catalogTable:CatalogTable", "warehouse-live")
	database := table.text("databaseName")
	return []hop{{
		name: "an optimizer commits to the tables", by: session(role), does: []string{"glue:GetTable", "glue:UpdateTable"},
		on: []target{
			of("glue", "catalog"), of("glue", "database/"+database),
			of("glue", "table/"+database+"/metrics_live"), of("glue", "table/"+database+"/metrics_gaps"),
			of("glue", "table/"+database+"/metrics_batch"), of("glue", "table/"+database+"/batch_runs"),
		},
		denied: denied{
			"another table": on(of("glue", "table/"+database+"/other"), of("glue", "table/other/metrics_live")),
			"deleting it":   doing("glue:DeleteTable"),
			"the database":  all(doing("glue:UpdateDatabase"), on(of("glue", "database/"+database))),
		},
	}}
}

func optimizerLogHop(role *role) hop {
	var streams []target
	for _, kind := range []string{"compaction", "retention", "orphan-file-deletion"} {
		streams = append(streams, of("logs", "log-group:/aws-glue/iceberg-"+kind+"/logs:log-stream:a"))
	}
	return hop{
		name: "an optimizer logs its runs", by: session(role),
		does: []string{"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"}, on: streams,
		denied: denied{
			"another log group": on(of("logs", "log-group:raw-errors:log-stream:a")),
			"reading":           doing("logs:GetLogEvents", "logs:DeleteLogGroup"),
		},
	}
}

// catalogHops are Glue's for the account's whole catalog.
func catalogHops(w *world, key target) []hop {
	role := w.role("warehouse-catalog-role")
	return []hop{
		takeOnByGlue("Glue takes on the role of the catalog", w, role),
		{
			name: "Glue encrypts the catalog", by: session(role), does: []string{"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"}, on: []target{key},
			denied: denied{
				"another key":      on(otherKey()),
				"managing the key": doing("kms:CreateGrant", "kms:ScheduleKeyDeletion"),
			},
		},
	}
}
