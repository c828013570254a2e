package permissions

import "slices"

// metricsHops are those of the streaming job, from the stream to the tables, and of the schedule that asks for its runs.
func metricsHops(w *world, stream, key target) []hop {
	role := w.role("metrics-role")
	return slices.Concat(
		[]hop{takeOnByGlue("Glue takes on the role of the streaming job", w, role)},
		readStreamHops(reading{role: role, reader: analyst, stream: stream, consumers: []target{w.metricsConsumer()}}, key),
		jobCodeHops(w, role, key), jobTableHops(w, role, key), jobCatalogHops(w, role), jobReportHops(w, role),
		scheduleHops(w, key),
	)
}

func (w *world) metricsConsumer() target {
	consumer := w.the(consumerType, "logs-consumer-metrics")
	return target{arn: consumer.text("arn"), account: consumer.account}
}

// jobCodeHops are about what a run is made of.
func jobCodeHops(w *world, role *role, key target) []hop {
	const bucket = "lake-artifacts"
	code, elsewhere := w.object(bucket, "metrics/0a1b2c3d4e5f6071/stream.py"), w.object(bucket, "other/stream.py")
	hops := []hop{
		{
			name: "the job reads its code", by: session(role), does: []string{"s3:GetObject"}, on: []target{code},
			denied: denied{
				"other code":    on(elsewhere),
				"other buckets": on(w.object("lake-failed", "metrics/a")),
				"changing it":   doing("s3:PutObject", "s3:DeleteObject"),
				"without TLS":   with("aws:SecureTransport", "false"),
			},
		},
		{
			name: "the job finds and lists its buckets", by: session(role), does: []string{"s3:GetBucketLocation", "s3:ListBucket"},
			on: []target{w.bucket(bucket), w.bucket("lake-warehouse")},
			denied: denied{
				"another bucket": on(w.bucket("lake-raw")),
				"its settings":   doing("s3:GetBucketPolicy", "s3:PutBucketPolicy"),
				"versions":       doing("s3:ListBucketVersions"),
			},
		},
	}
	return append(hops, objectKeyHops(w, role, objectKeys{
		bucket: bucket, objects: []target{code}, elsewhere: elsewhere, key: key, does: []string{"kms:Decrypt"}, never: []string{"kms:GenerateDataKey"},
	})...)
}

// jobTableHops are about the files of the tables and of the checkpoints.
func jobTableHops(w *world, role *role, key target) []hop {
	const bucket = "lake-warehouse"
	table, state := w.object(bucket, "metrics/metrics_live/data/a.parquet"), w.object(bucket, "checkpoints/metrics/0123456789ab/offsets/1")
	elsewhere := w.object(bucket, "checkpoints/other/1")
	hops := []hop{
		{
			name: "the job writes tables and checkpoints", by: session(role),
			does: []string{"s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"}, on: []target{table, state},
			denied: denied{
				"other objects":  on(elsewhere),
				"another bucket": on(w.object("lake-raw", "metrics/metrics_live/a")),
				"old versions":   doing("s3:DeleteObjectVersion"),
				"without TLS":    with("aws:SecureTransport", "false"),
			},
		},
	}
	return append(hops, objectKeyHops(w, role, objectKeys{
		bucket: bucket, objects: []target{table, state}, elsewhere: elsewhere, key: key,
		does: []string{"kms:Decrypt", "kms:GenerateDataKey"}, never: []string{"kms:Encrypt", "kms:CreateGrant"},
	})...)
}

// jobCatalogHops are one for each level of the catalog, since Glue asks for each.
func jobCatalogHops(w *world, role *role) []hop {
	name := w.the("aws:glue/catalogTable:CatalogTable", "warehouse-live").text("databaseName")
	catalog, database := of("glue", "catalog"), of("glue", "database/"+name)
	return []hop{
		{
			name: "the job finds the database", by: session(role), does: []string{"glue:GetDatabase"}, on: []target{catalog, database},
			denied: denied{
				"another database": on(of("glue", "database/other")),
				"changing it":      doing("glue:UpdateDatabase", "glue:DeleteDatabase"),
			},
		},
		{
			name: "the job commits to the tables", by: session(role), does: []string{"glue:GetTable", "glue:UpdateTable"},
			on: []target{catalog, database, of("glue", "table/"+name+"/metrics_live"), of("glue", "table/"+name+"/metrics_gaps")},
			denied: denied{
				"another table":        on(of("glue", "table/"+name+"/other"), of("glue", "table/other/metrics_live")),
				"making or losing one": doing("glue:CreateTable", "glue:DeleteTable"),
			},
		},
	}
}

// jobReportHops are about what the job says of itself.
func jobReportHops(w *world, role *role) []hop {
	group := w.the(logGroupType, "metrics-error-log").text("name")
	return []hop{
		{
			name: "the job makes its log groups safe", by: session(role), does: []string{"logs:AssociateKmsKey", "logs:CreateLogGroup"},
			on: []target{of("logs", "log-group:"+group)},
			denied: denied{
				"another log group": on(of("logs", "log-group:/aws-glue/jobs/error")),
				"losing it":         doing("logs:DeleteLogGroup", "logs:PutRetentionPolicy"),
			},
		},
		{
			name: "the job logs", by: session(role), does: []string{"logs:CreateLogStream", "logs:PutLogEvents"},
			on: []target{of("logs", "log-group:"+group+":log-stream:jr_1-driver")},
			denied: denied{
				"another log group": on(of("logs", "log-group:/aws-glue/jobs/error:log-stream:jr_1-driver")),
				"reading":           doing("logs:GetLogEvents"),
			},
		},
		{
			name: "the job puts metrics", by: session(role), does: []string{"cloudwatch:PutMetricData"}, on: []target{anyMetrics()},
			with:   conditions{"cloudwatch:namespace": "log-pipeline-test/metrics"},
			denied: otherMetrics(),
		},
		{
			name: "Glue puts metrics of the job", by: session(role), does: []string{"cloudwatch:PutMetricData"}, on: []target{anyMetrics()},
			with:   conditions{"cloudwatch:namespace": "Glue"},
			denied: otherMetrics(),
		},
		{
			name: "the job reads its security configuration", by: session(role), does: []string{"glue:GetSecurityConfiguration"}, on: []target{anything()},
			denied: denied{"making or losing one": doing("glue:CreateSecurityConfiguration", "glue:DeleteSecurityConfiguration")},
		},
	}
}

func otherMetrics() denied {
	return denied{
		"another namespace": with("cloudwatch:namespace", "AWS/Glue", "other"),
		"no namespace":      without("cloudwatch:namespace"),
		"reading":           all(doing("cloudwatch:GetMetricData"), without("cloudwatch:namespace")),
	}
}

// anyMetrics is what the simulator takes for metrics: it knows one resource of the action, which is not that of a namespace.
func anyMetrics() target { return of("cloudwatch", "dataset/default") }

// anything is what an action is called on that has no resources.
func anything() target { return target{arn: "*", account: dataAccount} }

// scheduleHops are EventBridge Scheduler's.
func scheduleHops(w *world, key target) []hop {
	const scheduleContext = "kms:EncryptionContext:aws:scheduler:schedule:arn"
	role := w.role("metrics-schedule-role")
	group := w.the("aws:scheduler/scheduleGroup:ScheduleGroup", "metrics-schedules")
	job := w.the("aws:glue/job:Job", "metrics-job").text("name")
	return []hop{
		{
			name: "a schedule takes on its role", by: service("scheduler.amazonaws.com"), does: []string{"sts:AssumeRole"}, on: []target{role.itself()},
			with: conditions{"aws:SourceAccount": dataAccount, "aws:SourceArn": group.text("arn")},
			denied: denied{
				"a schedule of another group":     with("aws:SourceArn", of("scheduler", "schedule-group/default").arn),
				"a schedule of another account":   with("aws:SourceAccount", strange),
				"nobody's schedule":               without("aws:SourceArn"),
				"nobody's account":                without("aws:SourceAccount"),
				"another service":                 by(service("glue.amazonaws.com"), service("events.amazonaws.com")),
				"session tags":                    doing("sts:TagSession", "sts:SetSourceIdentity"),
				"an administrator of the account": by(admin(dataAccount, "admin")),
			},
		},
		{
			name: "a schedule starts the job", by: session(role), does: []string{"glue:StartJobRun"}, on: []target{of("glue", "job/"+job)},
			denied: denied{
				"another job":         on(of("glue", "job/other")),
				"stopping or editing": doing("glue:BatchStopJobRun", "glue:UpdateJob", "glue:DeleteJob"),
			},
		},
		{
			name: "a schedule is decrypted", by: session(role), does: []string{"kms:Decrypt"}, on: []target{key},
			with: conditions{scheduleContext: of("scheduler", "schedule/"+group.text("name")+"/metrics-schedule").arn},
			denied: denied{
				"a schedule of another group": with(scheduleContext, of("scheduler", "schedule/default/metrics-schedule").arn),
				"no schedule":                 without(scheduleContext),
				"encrypting":                  doing("kms:GenerateDataKey", "kms:Encrypt"),
				"another key":                 on(otherKey()),
			},
		},
	}
}
