package permissions

// deliveryHops are Firehose's, from the stream to the raw bucket.
func deliveryHops(w *world, name string, stream, key target) []hop {
	const bucket = "lake-raw"
	role := w.role(name + "-role")
	hops := append([]hop{firehoseTrustHop(w, role), logHop(w, name, role, "DestinationDelivery")}, sourceHops(role, stream, key)...)
	return append(hops, deliveredObjectHops(w, role, bucket, "lake-failed", key, "logs/dt=2026-01-31/hour=07/a.gz", "errors/failed/a.gz")...)
}

func firehoseTrustHop(w *world, role *role) hop {
	return hop{
		name: "Firehose takes on " + role.trust, by: service("firehose.amazonaws.com"),
		does: []string{"sts:AssumeRole"}, on: []target{role.itself()},
		with: conditions{"sts:ExternalId": dataAccount},
		denied: denied{
			"for another account":             with("sts:ExternalId", strange),
			"for nobody in particular":        without("sts:ExternalId"),
			"another service":                 by(service("glue.amazonaws.com"), service("lambda.amazonaws.com")),
			"session tags":                    doing("sts:TagSession", "sts:SetSourceIdentity"),
			"an administrator of the account": by(admin(dataAccount, "admin")),
			"an administrator of a third":     by(admin(strange, "admin")),
			"Fluentd's role":                  by(session(w.role("writer-role"))),
		},
	}
}

// sourceHops are from the stream.
func sourceHops(role *role, stream, key target) []hop {
	return []hop{
		{
			name: "Firehose reads the stream as " + role.trust, by: session(role),
			does: []string{"kinesis:DescribeStream", "kinesis:GetShardIterator", "kinesis:GetRecords", "kinesis:ListShards"},
			on:   []target{stream},
			denied: denied{
				"another stream":      on(of("kinesis", "stream/other")),
				"writing":             doing("kinesis:PutRecord", "kinesis:PutRecords"),
				"changing the stream": doing("kinesis:DeleteStream", "kinesis:MergeShards"),
				"a third account":     by(admin(strange, role.name)),
			},
		},
		{
			name: "Firehose decrypts records as " + role.trust, by: session(role),
			does: []string{"kms:Decrypt"}, on: []target{key},
			with: conditions{"kms:ViaService": via("kinesis"), streamContext: stream.arn},
			denied: denied{
				"another stream's records": with(streamContext, of("kinesis", "stream/other").arn),
				"data of no stream":        without(streamContext),
				"past Kinesis":             without("kms:ViaService"),
				"through another service":  with("kms:ViaService", via("s3"), "kinesis.us-east-1.amazonaws.com"),
				"encrypting":               doing("kms:GenerateDataKey", "kms:Encrypt"),
				"another key":              on(otherKey()),
			},
		},
	}
}

// deliveredObjectHops are to objects of a bucket, by their keys, and to none of another bucket.
func deliveredObjectHops(w *world, role *role, bucket, another string, key target, keys ...string) []hop {
	var objects, elsewhere []target
	for _, key := range keys {
		objects, elsewhere = append(objects, w.object(bucket, key)), append(elsewhere, w.object(another, key))
	}
	besides := w.object(bucket, "elsewhere/a.gz")
	hops := []hop{
		{
			name: "Firehose writes objects as " + role.trust, by: session(role),
			does: []string{"s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload"}, on: objects,
			denied: denied{
				"another prefix":  on(besides),
				"another bucket":  on(elsewhere...),
				"somebody else's": on(target{arn: "arn:aws:s3:::strange/" + keys[0], account: strange}),
				"deleting":        doing("s3:DeleteObject", "s3:DeleteObjectVersion"),
				"without TLS":     with("aws:SecureTransport", "false"),
				"a third account": by(admin(strange, role.name)),
			},
		},
		{
			name: "Firehose sees the bucket as " + role.trust, by: session(role),
			does: []string{"s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"}, on: []target{w.bucket(bucket)},
			denied: denied{
				"another bucket":      on(w.bucket(another)),
				"changing the bucket": doing("s3:PutBucketPolicy", "s3:DeleteBucket"),
				"without TLS":         with("aws:SecureTransport", "false"),
			},
		},
	}
	return append(hops, objectKeyHops(w, role, objectKeys{
		bucket: bucket, objects: objects, elsewhere: besides, key: key,
		does: []string{"kms:Decrypt", "kms:GenerateDataKey"}, never: []string{"kms:Encrypt", "kms:CreateGrant"},
	})...)
}

func logHop(w *world, name string, role *role, streams ...string) hop {
	group := name + "-errors"
	var logs []target
	for _, stream := range streams {
		logs = append(logs, w.logStream(group, stream))
	}
	return hop{
		name: "Firehose says what went wrong in " + group, by: session(role),
		does: []string{"logs:PutLogEvents"}, on: logs,
		denied: denied{
			"another log stream":   on(w.logStream(group, "other")),
			"another log group":    on(of("logs", "log-group:other:log-stream:"+streams[0])),
			"reading":              doing("logs:GetLogEvents"),
			"making or losing one": doing("logs:CreateLogStream", "logs:DeleteLogStream"),
		},
	}
}

// schemaHop is what Firehose needs of the table for Parquet. Glue asks for the permission on every level.
func schemaHop(w *world, name string) hop {
	table := w.the("aws:glue/catalogTable:CatalogTable", name+"-table")
	database := table.text("databaseName")
	return hop{
		name: "Firehose reads the table's columns", by: session(w.role(name + "-role")),
		does: []string{"glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"},
		on: []target{
			of("glue", "catalog"), of("glue", "database/"+database), of("glue", "table/"+database+"/"+table.text("name")),
		},
		denied: denied{
			"another table":    on(of("glue", "table/"+database+"/other"), of("glue", "table/other/"+table.text("name"))),
			"another database": on(of("glue", "database/other")),
			"changing it":      doing("glue:UpdateTable", "glue:DeleteTable"),
			"a third account":  by(admin(strange, "admin")),
		},
	}
}
