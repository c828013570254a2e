package permissions

// deliveryHops are Firehose's, from the stream to the raw bucket.
func deliveryHops(w *world, name string, stream, key target) []hop {
	const bucket = "lake-raw"
	role := w.role(name + "-role")
	record, failed := w.object(bucket, "logs/dt=2026-01-31/hour=07/a.gz"), w.object(bucket, "errors/failed/a.gz")
	elsewhere := w.object(bucket, "elsewhere/a.gz")
	hops := []hop{
		{
			name: "Firehose takes on its role", by: service("firehose.amazonaws.com"),
			does: []string{"sts:AssumeRole"}, on: []target{role.itself()},
			with: conditions{"sts:ExternalId": dataAccount},
			denied: denied{
				"for another account":               with("sts:ExternalId", strange),
				"for nobody in particular":          without("sts:ExternalId"),
				"another service":                   by(service("glue.amazonaws.com"), service("lambda.amazonaws.com")),
				"session tags":                      doing("sts:TagSession", "sts:SetSourceIdentity"),
				"an administrator of the account":   by(admin(dataAccount, "admin")),
				"an administrator of a third":       by(admin(strange, "admin")),
				"the writer role of the same stack": by(session(w.role("writer-role"))),
			},
		},
		{
			name: "Firehose reads the stream", by: session(role),
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
			name: "Firehose decrypts records", by: session(role),
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
		{
			name: "Firehose writes objects", by: session(role),
			does: []string{"s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload"}, on: []target{record, failed},
			denied: denied{
				"another prefix": on(elsewhere),
				"another bucket": on(w.object("lake-failed", "logs/a.gz"), target{arn: "arn:aws:s3:::strange/logs/a", account: strange}),
				"deleting":       doing("s3:DeleteObject", "s3:DeleteObjectVersion"),
				"without TLS":    with("aws:SecureTransport", "false"),
			},
		},
		{
			name: "Firehose sees the bucket", by: session(role),
			does: []string{"s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"}, on: []target{w.bucket(bucket)},
			denied: denied{
				"another bucket":      on(w.bucket("lake-failed")),
				"changing the bucket": doing("s3:PutBucketPolicy", "s3:DeleteBucket"),
				"without TLS":         with("aws:SecureTransport", "false"),
			},
		},
		logHop(w, name, role),
	}
	return append(hops, objectKeyHops(w, role, objectKeys{
		bucket: bucket, objects: []target{record, failed}, elsewhere: elsewhere, key: key,
		does: []string{"kms:Decrypt", "kms:GenerateDataKey"}, never: []string{"kms:Encrypt", "kms:CreateGrant"},
	})...)
}

func logHop(w *world, name string, role *role) hop {
	group := w.the("aws:cloudwatch/logGroup:LogGroup", name+"-errors").text("name")
	return hop{
		name: "Firehose says what went wrong", by: session(role),
		does: []string{"logs:PutLogEvents"}, on: []target{of("logs", "log-group:"+group+":log-stream:DestinationDelivery")},
		denied: denied{
			"another log stream": on(of("logs", "log-group:"+group+":log-stream:other")),
			"another log group":  on(of("logs", "log-group:other:log-stream:DestinationDelivery")),
			"reading":            doing("logs:GetLogEvents"),
		},
	}
}
