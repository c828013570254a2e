package permissions

import "slices"

// batchHops are those of the batch, from the records to the tables of a database, and of the schedule that starts its runs.
func batchHops(w *world, database string, key target) []hop {
	role := w.role("batch-role")
	return slices.Concat(
		batchTrustHops(role), batchRecordHops(w, role, key), batchCodeHops(w, role, key), batchFileHops(w, role, key),
		[]hop{batchBucketHop(w, role)}, batchCatalogHops(role, database), batchLogHops(w, role), batchScheduleHops(w, role, key),
	)
}

func (w *world) application() target {
	application := w.only("aws:emrserverless/application:Application")
	return target{arn: application.text("arn"), account: application.account}
}

func batchTrustHops(role *role) []hop {
	refused := denied{
		"a run of another account":        with("aws:SourceAccount", strange),
		"nobody's account":                without("aws:SourceAccount"),
		"another service":                 by(service("glue.amazonaws.com"), service("scheduler.amazonaws.com")),
		"session tags":                    doing("sts:TagSession", "sts:SetSourceIdentity"),
		"an administrator of the account": by(admin(dataAccount, "admin")),
	}
	return []hop{{
		name: "EMR Serverless takes on the role of the batch for a run", by: service("emr-serverless.amazonaws.com"),
		does: []string{"sts:AssumeRole"}, on: []target{role.itself()}, with: conditions{"aws:SourceAccount": dataAccount}, denied: refused,
	}}
}

func batchRecordHops(w *world, role *role, key target) []hop {
	const bucket = "lake-raw"
	record, elsewhere := w.object(bucket, "logs/dt=2026-01-31/hour=07/a.gz"), w.object(bucket, "errors/failed/a.gz")
	hops := []hop{{
		name: "the batch reads records", by: session(role), does: []string{"s3:GetObject"}, on: []target{record},
		denied: denied{
			"what is no record":      on(elsewhere),
			"another bucket":         on(w.object("lake-failed", "logs/a.gz")),
			"writing":                doing("s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"),
			"old versions":           doing("s3:GetObjectVersion"),
			"without TLS":            with("aws:SecureTransport", "false"),
			"somebody of the others": by(admin(strange, role.name)),
		},
	}}
	return append(hops, objectKeyHops(w, role, objectKeys{
		bucket: bucket, objects: []target{record}, elsewhere: elsewhere, key: key, does: []string{"kms:Decrypt"}, never: []string{"kms:GenerateDataKey"},
	})...)
}

func batchCodeHops(w *world, role *role, key target) []hop {
	const bucket = "lake-artifacts"
	code, elsewhere := w.object(bucket, "metrics/batch/0a1b2c3d4e5f6071/batch.py"), w.object(bucket, "metrics/published.json")
	hops := []hop{{
		name: "the batch reads its code", by: session(role), does: []string{"s3:GetObject"}, on: []target{code},
		denied: denied{
			"the streaming job's": on(elsewhere),
			"changing it":         doing("s3:PutObject", "s3:DeleteObject"),
			"without TLS":         with("aws:SecureTransport", "false"),
		},
	}}
	return append(hops, objectKeyHops(w, role, objectKeys{
		bucket: bucket, objects: []target{code}, elsewhere: elsewhere, key: key, does: []string{"kms:Decrypt"}, never: []string{"kms:GenerateDataKey"},
	})...)
}

// batchFileHops are about the files of the tables.
func batchFileHops(w *world, role *role, key target) []hop {
	const bucket = "lake-warehouse"
	own := []target{w.object(bucket, "metrics/metrics_batch/data/a.parquet"), w.object(bucket, "metrics/batch_runs/metadata/a.metadata.json")}
	live := []target{w.object(bucket, "metrics/metrics_live/data/a.parquet"), w.object(bucket, "metrics/metrics_gaps/data/a.parquet")}
	state := w.object(bucket, "checkpoints/metrics/0123456789ab/offsets/1")
	every := slices.Concat(own, live)
	hops := []hop{
		{
			name: "the batch writes its tables", by: session(role),
			does: []string{"s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"}, on: own,
			denied: denied{
				"the live tables":  on(live...),
				"checkpoints":      on(state),
				"another bucket":   on(w.object("lake-raw", "metrics/metrics_batch/a")),
				"old versions":     doing("s3:DeleteObjectVersion"),
				"without TLS":      with("aws:SecureTransport", "false"),
				"a longer name":    on(w.object(bucket, "metrics/metrics_batch_other/a"), w.object(bucket, "metrics/batch_runs_other/a")),
				"the table's root": on(w.object(bucket, "metrics/a")),
			},
		},
		{
			name: "the batch reads all tables", by: session(role), does: []string{"s3:GetObject"}, on: every,
			denied: denied{
				"checkpoints":  on(state),
				"old versions": doing("s3:GetObjectVersion"),
				"without TLS":  with("aws:SecureTransport", "false"),
			},
		},
	}
	hops = append(hops, objectKeyHops(w, role, objectKeys{
		bucket: bucket, objects: own, elsewhere: live[0], key: key, does: []string{"kms:GenerateDataKey"}, never: []string{"kms:Encrypt", "kms:CreateGrant"},
	})...)
	return append(hops, objectKeyHops(w, role, objectKeys{
		bucket: bucket, objects: every, elsewhere: state, key: key, does: []string{"kms:Decrypt"}, never: []string{"kms:Encrypt", "kms:CreateGrant"},
	})...)
}

func batchBucketHop(w *world, role *role) hop {
	return hop{
		name: "the batch finds and lists its buckets", by: session(role), does: []string{"s3:GetBucketLocation", "s3:ListBucket"},
		on: []target{w.bucket("lake-raw"), w.bucket("lake-warehouse"), w.bucket("lake-artifacts")},
		denied: denied{
			"another bucket": on(w.bucket("lake-failed")),
			"its settings":   doing("s3:GetBucketPolicy", "s3:PutBucketPolicy"),
			"versions":       doing("s3:ListBucketVersions"),
		},
	}
}

// batchCatalogHops are one for each level of the catalog, since Glue asks for each.
func batchCatalogHops(role *role, database string) []hop {
	levels := []target{of("glue", "catalog"), of("glue", "database/"+database)}
	tables := func(names ...string) (targets []target) {
		for _, name := range names {
			targets = append(targets, of("glue", "table/"+database+"/"+name))
		}
		return targets
	}
	own, live := tables("metrics_batch", "batch_runs"), tables("metrics_live", "metrics_gaps")
	return []hop{
		{
			name: "the batch finds the database", by: session(role), does: []string{"glue:GetDatabase"}, on: levels,
			denied: denied{
				"another database": on(of("glue", "database/other")),
				"changing it":      doing("glue:UpdateDatabase", "glue:DeleteDatabase"),
			},
		},
		{
			name: "the batch finds all tables", by: session(role), does: []string{"glue:GetTable"}, on: slices.Concat(levels, own, live),
			denied: denied{
				"another table": on(of("glue", "table/"+database+"/other"), of("glue", "table/other/metrics_live")),
				"losing one":    doing("glue:DeleteTable"),
			},
		},
		{
			name: "the batch commits to its tables", by: session(role), does: []string{"glue:UpdateTable"}, on: slices.Concat(levels, own),
			denied: denied{
				"the live tables":      on(live...),
				"another table":        on(of("glue", "table/"+database+"/other"), of("glue", "table/other/metrics_batch")),
				"making or losing one": doing("glue:CreateTable", "glue:DeleteTable"),
			},
		},
	}
}

func batchLogHops(w *world, role *role) []hop {
	group := w.the(logGroupType, "batch-log").text("name")
	elsewhere := of("logs", "log-group:/aws/emr-serverless:log-stream:a")
	return []hop{
		{
			name: "the batch looks for its log group", by: session(role), does: []string{"logs:DescribeLogGroups"}, on: []target{anything()},
			denied: denied{"losing it": all(doing("logs:DeleteLogGroup", "logs:PutRetentionPolicy"), on(of("logs", "log-group:"+group)))},
		},
		{
			name: "the batch logs", by: session(role),
			does: []string{"logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"},
			on:   []target{of("logs", "log-group:"+group+":log-stream:applications/00f1/jobs/00f2/SPARK_DRIVER/stderr")},
			denied: denied{
				"another log group": on(elsewhere),
				"reading":           doing("logs:GetLogEvents"),
			},
		},
	}
}

// batchScheduleHops are EventBridge Scheduler's.
func batchScheduleHops(w *world, job *role, key target) []hop {
	const scheduleContext = "kms:EncryptionContext:aws:scheduler:schedule:arn"
	role, application := w.role("batch-schedule-role"), w.application()
	group := w.the("aws:scheduler/scheduleGroup:ScheduleGroup", "batch-schedules")
	passed := target{arn: job.arn, account: job.account}
	return []hop{
		{
			name: "a schedule of the batch takes on its role", by: service("scheduler.amazonaws.com"), does: []string{"sts:AssumeRole"}, on: []target{role.itself()},
			with: conditions{"aws:SourceAccount": dataAccount, "aws:SourceArn": group.text("arn")},
			denied: denied{
				"a schedule of another group":     with("aws:SourceArn", of("scheduler", "schedule-group/default").arn),
				"a schedule of another account":   with("aws:SourceAccount", strange),
				"nobody's schedule":               without("aws:SourceArn"),
				"nobody's account":                without("aws:SourceAccount"),
				"another service":                 by(service("emr-serverless.amazonaws.com"), service("events.amazonaws.com")),
				"session tags":                    doing("sts:TagSession", "sts:SetSourceIdentity"),
				"an administrator of the account": by(admin(dataAccount, "admin")),
			},
		},
		{
			name: "a schedule starts a run of the batch", by: session(role), does: []string{"emr-serverless:StartJobRun"}, on: []target{application},
			denied: denied{
				"another application": on(of("emr-serverless", "/applications/other")),
				"stopping or editing": doing("emr-serverless:StopApplication", "emr-serverless:UpdateApplication", "emr-serverless:DeleteApplication"),
			},
		},
		{
			name: "a schedule hands the run its role", by: session(role), does: []string{"iam:PassRole"}, on: []target{passed},
			with: conditions{"iam:PassedToService": "emr-serverless.amazonaws.com"},
			denied: denied{
				"another role":       on(target{arn: role.arn, account: role.account}),
				"to another service": with("iam:PassedToService", "glue.amazonaws.com", "lambda.amazonaws.com"),
				"to nobody":          without("iam:PassedToService"),
			},
		},
		{
			name: "a schedule of the batch is decrypted", by: session(role), does: []string{"kms:Decrypt"}, on: []target{key},
			with: conditions{scheduleContext: of("scheduler", "schedule/"+group.text("name")+"/batch-schedule").arn},
			denied: denied{
				"a schedule of another group": with(scheduleContext, of("scheduler", "schedule/default/batch-schedule").arn),
				"no schedule":                 without(scheduleContext),
				"encrypting":                  doing("kms:GenerateDataKey", "kms:Encrypt"),
				"another key":                 on(otherKey()),
			},
		},
	}
}
