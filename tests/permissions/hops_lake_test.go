package permissions

// lakeHops are the key's and the buckets' own policies. producers is another account that may encrypt for the stream.
func lakeHops(w *world, stream, key target, producers string) []hop {
	hops := []hop{
		{
			name: "the account's IAM decides over the key", by: admin(dataAccount, "admin"),
			does: []string{"kms:Decrypt", "kms:GenerateDataKey", "kms:ScheduleKeyDeletion"}, on: []target{key},
			denied: denied{
				"a third account":                   by(admin(strange, "admin")),
				"the service account":               by(admin(serviceAccount, "admin")),
				"who has no permission for it here": by(sessionOf(dataAccount, "nobody")),
				"a service":                         by(service("s3.amazonaws.com"), service("firehose.amazonaws.com")),
			},
		},
		logGroupHop(key),
	}
	for name, r := range w.buckets() {
		hops = append(hops, tlsHop(w, name, r))
		if name != "lake-access-logs" {
			hops = append(hops, accessLogHop(w, name))
		}
	}
	if producers != "" {
		hops = append(hops, keyOnlyHop(stream, key, producers))
	}
	return hops
}

func logGroupHop(key target) hop {
	group := of("logs", "log-group:raw-errors").arn
	return hop{
		name: "CloudWatch Logs encrypts log groups of this account", by: service(via("logs")),
		does: []string{
			"kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey",
			"kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey",
		},
		on: []target{key}, with: conditions{logsContext: group},
		denied: denied{
			"of another account": with(logsContext, "arn:aws:logs:eu-central-1:"+strange+":log-group:raw-errors"),
			"of nobody":          without(logsContext),
			"another service":    by(service("s3.amazonaws.com"), service("logs.us-east-1.amazonaws.com")),
			"somebody of a third account, with the log group's context": by(admin(strange, "admin")),
			"managing the key": doing("kms:CreateGrant", "kms:PutKeyPolicy"),
		},
	}
}

func keyOnlyHop(stream, key target, account string) hop {
	return hop{
		name: "a producer of an account that may use the key encrypts for the stream", by: admin(account, "producer"),
		does: []string{"kms:GenerateDataKey"}, on: []target{key},
		with: conditions{"kms:ViaService": via("kinesis"), streamContext: stream.arn},
		denied: denied{
			"another stream's records":                with(streamContext, of("kinesis", "stream/other").arn),
			"data of no stream":                       without(streamContext),
			"past Kinesis":                            without("kms:ViaService"),
			"decrypting":                              doing("kms:Decrypt"),
			"a third account":                         by(admin(strange, "producer")),
			"without a permission in its own account": by(sessionOf(account, "producer")),
			"writing to the stream":                   all(doing("kinesis:PutRecords"), on(stream), without(streamContext), without("kms:ViaService")),
		},
	}
}

// tlsHop is by somebody who may do everything in the account: only the bucket's policy can deny it.
func tlsHop(w *world, name string, bucket target) hop {
	return hop{
		name: "an administrator reads and writes " + name, by: admin(dataAccount, "admin"),
		does: []string{"s3:GetObject", "s3:PutObject"}, on: []target{w.object(name, "a")},
		denied: denied{
			"without TLS":                 with("aws:SecureTransport", "false"),
			"listing it without TLS":      all(doing("s3:ListBucket"), on(bucket), with("aws:SecureTransport", "false")),
			"of a third account":          by(admin(strange, "admin")),
			"of the service account":      by(admin(serviceAccount, "admin")),
			"a service":                   by(service("firehose.amazonaws.com"), service("logging.s3.amazonaws.com")),
			"without a permission at all": by(sessionOf(dataAccount, "nobody")),
		},
	}
}

// accessLogHop names the source's account too: who deletes a bucket gives its name, and so its ARN, to the world.
func accessLogHop(w *world, source string) hop {
	return hop{
		name: "S3 logs the access to " + source, by: service("logging.s3.amazonaws.com"),
		does: []string{"s3:PutObject"}, on: []target{w.object("lake-access-logs", "raw/2026-01-31")},
		with: conditions{"aws:SourceAccount": dataAccount, "aws:SourceArn": w.bucket(source).arn},
		denied: denied{
			"a bucket of that name in another account": with("aws:SourceAccount", strange),
			"another bucket of the account":            with("aws:SourceArn", "arn:aws:s3:::other"),
			"no bucket in particular":                  without("aws:SourceArn"),
			"another service":                          by(service("cloudtrail.amazonaws.com")),
			"reading":                                  doing("s3:GetObject", "s3:DeleteObject"),
			"without TLS":                              with("aws:SecureTransport", "false"),
			"a third account":                          by(admin(strange, "admin")),
		},
	}
}

// buckets are all that the program makes, by logical name.
func (w *world) buckets() map[string]target {
	buckets := map[string]target{}
	for _, r := range w.resources {
		if r.typ == bucketType {
			buckets[r.name] = w.bucket(r.name)
		}
	}
	return buckets
}
