package permissions

// reading is what a reader role is for: a stream, objects, or both.
type reading struct {
	role *role
	// reader is the role of another account that assumes it.
	reader     string
	externalID string
	// stream is what it reads, if anything.
	stream target
	// consumers are the fan-out consumers that it may subscribe with.
	consumers       []target
	bucket, prefix  string
	database, table string
}

func readerHops(w *world, r reading, key target) []hop {
	hops := []hop{readerTrustHop(r)}
	if r.stream.arn != "" {
		hops = append(hops, readStreamHops(r, key)...)
	}
	if r.bucket != "" {
		hops = append(hops, readObjectHops(w, r, key)...)
		hops = append(hops, readTableHops(r)...)
	}
	return hops
}

func readerTrustHop(r reading) hop {
	return hop{
		name: "a reader of another account assumes " + r.role.trust,
		by:   admin(readerAccount, r.reader), does: []string{"sts:AssumeRole"}, on: []target{r.role.itself()},
		with: conditions{"sts:ExternalId": r.externalID},
		denied: denied{
			"no ExternalId":                          without("sts:ExternalId"),
			"another ExternalId":                     with("sts:ExternalId", "of somebody else"),
			"another role of the readers' account":   by(admin(readerAccount, "admin"), admin(readerAccount, r.reader+"-2")),
			"a role of the service account":          by(admin(serviceAccount, r.reader)),
			"a role of a third account":              by(admin(strange, r.reader)),
			"an administrator of the data account":   by(admin(dataAccount, "admin")),
			"a service":                              by(service("glue.amazonaws.com")),
			"session tags":                           doing("sts:TagSession", "sts:SetSourceIdentity"),
			"a reader whose own account forbids all": by(sessionOf(readerAccount, r.reader)),
		},
	}
}

func readStreamHops(r reading, key target) []hop {
	stranger := by(admin(readerAccount, r.reader), admin(strange, r.role.name))
	hops := []hop{
		{
			name: r.role.trust + " reads the stream", by: session(r.role),
			does: []string{
				"kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator",
				"kinesis:ListShards",
			},
			on: []target{r.stream},
			denied: denied{
				"another stream":                 on(of("kinesis", "stream/other")),
				"writing":                        doing("kinesis:PutRecord", "kinesis:PutRecords"),
				"changing the stream":            doing("kinesis:DeleteStream", "kinesis:RegisterStreamConsumer"),
				"a role that has not assumed it": stranger,
			},
		},
		{
			name: r.role.trust + " decrypts records", by: session(r.role),
			does: []string{"kms:Decrypt"}, on: []target{key},
			with: conditions{"kms:ViaService": via("kinesis"), streamContext: r.stream.arn},
			denied: denied{
				"another stream's records":       with(streamContext, of("kinesis", "stream/other").arn),
				"past Kinesis":                   without("kms:ViaService"),
				"encrypting":                     doing("kms:GenerateDataKey", "kms:Encrypt"),
				"another key":                    on(otherKey()),
				"a role that has not assumed it": stranger,
			},
		},
	}
	if len(r.consumers) == 0 {
		return hops
	}
	return append(hops, hop{
		name: r.role.trust + " reads by fan-out", by: session(r.role),
		does: []string{"kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard"}, on: r.consumers,
		denied: denied{
			"another consumer":               on(of("kinesis", "stream/logs/consumer/other:1700000000")),
			"taking the consumer away":       doing("kinesis:DeregisterStreamConsumer"),
			"a role that has not assumed it": stranger,
		},
	})
}

func readObjectHops(w *world, r reading, key target) []hop {
	object, elsewhere := w.object(r.bucket, r.prefix+"dt=2026-01-31/a.gz"), w.object(r.bucket, "elsewhere/a.gz")
	hops := []hop{
		{
			name: r.role.trust + " reads objects", by: session(r.role), does: []string{"s3:GetObject"}, on: []target{object},
			denied: denied{
				"another prefix":   on(elsewhere),
				"another bucket":   on(w.object("lake-failed", r.prefix+"a.gz")),
				"writing":          doing("s3:PutObject", "s3:DeleteObject"),
				"without TLS":      with("aws:SecureTransport", "false"),
				"its reader alone": by(admin(readerAccount, r.reader)),
			},
		},
		{
			name: r.role.trust + " lists objects", by: session(r.role),
			does: []string{"s3:ListBucket"}, on: []target{w.bucket(r.bucket)}, with: conditions{"s3:prefix": r.prefix + "dt=2026-01-31/"},
			denied: denied{
				"another prefix": with("s3:prefix", "", "elsewhere/"),
				"every prefix":   without("s3:prefix"),
				"another bucket": on(w.bucket("lake-failed")),
				"versions":       doing("s3:ListBucketVersions"),
				"without TLS":    with("aws:SecureTransport", "false"),
			},
		},
		{
			name: r.role.trust + " finds the bucket", by: session(r.role),
			does: []string{"s3:GetBucketLocation"}, on: []target{w.bucket(r.bucket)},
			denied: denied{
				"another bucket": on(w.bucket("lake-failed")),
				"its settings":   doing("s3:GetBucketPolicy", "s3:PutBucketPolicy"),
			},
		},
	}
	return append(hops, objectKeyHops(w, r.role, objectKeys{
		bucket: r.bucket, objects: []target{object}, elsewhere: elsewhere, key: key,
		does: []string{"kms:Decrypt"}, never: []string{"kms:GenerateDataKey", "kms:Encrypt"},
	})...)
}

// readTableHops are one for each level of the catalog, since Glue asks for each.
func readTableHops(r reading) []hop {
	catalog, database := of("glue", "catalog"), of("glue", "database/"+r.database)
	table := of("glue", "table/"+r.database+"/"+r.table)
	outside := denied{
		"another database": on(of("glue", "database/other")),
		"changing it":      doing("glue:UpdateDatabase", "glue:DeleteDatabase"),
	}
	return []hop{
		{
			name: r.role.trust + " finds the database", by: session(r.role),
			does: []string{"glue:GetDatabase"}, on: []target{catalog, database}, denied: outside,
		},
		{
			name: r.role.trust + " reads the table", by: session(r.role),
			does: []string{"glue:GetTable", "glue:GetPartition", "glue:GetPartitions", "glue:BatchGetPartition"},
			on:   []target{catalog, database, table},
			denied: denied{
				"another table": on(of("glue", "table/"+r.database+"/other"), of("glue", "table/other/"+r.table)),
				"changing it":   doing("glue:UpdateTable", "glue:DeleteTable"),
			},
		},
	}
}
