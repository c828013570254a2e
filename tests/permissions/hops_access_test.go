package permissions

import (
	"cmp"
	"maps"
	"strings"
)

// cluster is an EKS cluster of the program under test, with the logical names of its role and the writer's.
type cluster struct {
	name, issuer, namespace, account, role, writer string
	// externalID is what the writer role asks for; empty if for nothing.
	externalID string
}

func (c cluster) pod() caller { return pod(c.account, c.issuer, c.namespace, fluentd) }

func (c cluster) issuerKey(claim string) string {
	return strings.TrimPrefix(c.issuer, "https://") + ":" + claim
}

// fluentd is the name of Fluentd's ServiceAccount.
const fluentd = "log-pipeline-fluentd"

// clusterHops are from a ServiceAccount to the writer role. neighbour is another cluster of the account.
func clusterHops(w *world, c, neighbour cluster) []hop {
	own := w.role(c.role)
	return []hop{
		{
			name: "the pods of Fluentd in " + c.name + " take on their role",
			by:   c.pod(), does: []string{"sts:AssumeRoleWithWebIdentity"}, on: []target{own.itself()},
			denied: denied{
				"another ServiceAccount": by(
					pod(c.account, c.issuer, c.namespace, "default"), pod(c.account, c.issuer, c.namespace, fluentd+"-2"),
				),
				"another namespace":                 by(pod(c.account, c.issuer, "default", fluentd)),
				"another cluster":                   by(neighbour.pod()),
				"a token for somebody else":         with(c.issuerKey("aud"), "vault"),
				"a token for nobody":                without(c.issuerKey("aud")),
				"a token that says not whose it is": without(c.issuerKey("sub")),
				"something else with the token":     doing("sts:TagSession", "sts:AssumeRole"),
				"an administrator of the account":   all(by(admin(c.account, "admin")), doing("sts:AssumeRole")),
				"a service":                         all(by(service("ec2.amazonaws.com")), doing("sts:AssumeRole")),
			},
		},
		assumeWriterHop(w, c, neighbour),
	}
}

func assumeWriterHop(w *world, c, neighbour cluster) hop {
	own, writer := w.role(c.role), w.role(c.writer)
	careless := other(writer.account, writer.name, trusts(c.account))
	h := hop{
		name: "Fluentd in " + c.name + " assumes the writer role",
		by:   session(own), does: []string{"sts:AssumeRole"}, on: []target{writer.itself()},
		denied: denied{
			"another careless role of that account": on(other(writer.account, "deploy", trusts(c.account))),
			"a careless role of another account":    on(other(strange, writer.name, trusts(c.account))),
			"the neighbour's role, if careless":     on(other(c.account, w.role(neighbour.role).name, trusts(c.account))),
			"session tags":                          all(on(careless), doing("sts:TagSession", "sts:SetSourceIdentity")),
			"session tags, if its role has all":     all(by(as(own)), doing("sts:TagSession", "sts:SetSourceIdentity")),
			"another role of the cluster's account": by(admin(c.account, "admin"), admin(c.account, own.name+"-2")),
			"a role of a third account":             by(admin(strange, own.name)),
			"an administrator of the data account":  by(admin(writer.account, "admin")),
			"a service":                             by(service("ec2.amazonaws.com")),
			"pods that leave their own role out": all(
				by(c.pod()), doing("sts:AssumeRoleWithWebIdentity"), without("sts:ExternalId"),
			),
		},
	}
	if c.externalID != "" {
		h.with = conditions{"sts:ExternalId": c.externalID}
		maps.Copy(h.denied, denied{
			"no ExternalId":                        without("sts:ExternalId"),
			"another ExternalId":                   with("sts:ExternalId", "of somebody else"),
			"no ExternalId, if nobody asks for it": all(on(careless), without("sts:ExternalId")),
			"no ExternalId, if its role has all":   all(by(as(own)), without("sts:ExternalId")),
		})
	}
	return h
}

// producerHop is of a role of another account that is no cluster's.
func producerHop(writer *role, producer, externalID string) hop {
	return hop{
		name: "a producer of another account assumes the writer role",
		by:   admin(producerAccount, producer), does: []string{"sts:AssumeRole"}, on: []target{writer.itself()},
		with: conditions{"sts:ExternalId": externalID},
		denied: denied{
			"no ExternalId":                  without("sts:ExternalId"),
			"another role of that account":   by(admin(producerAccount, "admin")),
			"a role that may assume nothing": by(sessionOf(producerAccount, producer)),
		},
	}
}

// writerHops are what the writer role may do. producer is a role that assumes it.
func writerHops(writer, producer *role, stream, key target) []hop {
	outsiders := by(session(producer), admin(strange, writer.name), admin(producerAccount, "producer"))
	return []hop{
		{
			name: "the writer role puts records", by: session(writer),
			does: []string{"kinesis:PutRecords"}, on: []target{stream},
			denied: denied{
				"another stream":                 on(of("kinesis", "stream/other")),
				"reading":                        doing("kinesis:GetShardIterator", "kinesis:GetRecords", "kinesis:DescribeStream"),
				"changing the stream":            doing("kinesis:SplitShard", "kinesis:DeleteStream", "kinesis:StopStreamEncryption"),
				"a role that has not assumed it": outsiders,
			},
		},
		{
			name: "the writer role encrypts records", by: session(writer),
			does: []string{"kms:GenerateDataKey"}, on: []target{key},
			with: conditions{"kms:ViaService": via("kinesis"), streamContext: stream.arn},
			denied: denied{
				"another stream's records":       with(streamContext, of("kinesis", "stream/other").arn),
				"data of no stream":              without(streamContext),
				"past Kinesis":                   without("kms:ViaService"),
				"through another service":        with("kms:ViaService", via("s3"), "kinesis.us-east-1.amazonaws.com"),
				"decrypting":                     doing("kms:Decrypt"),
				"managing the key":               doing("kms:CreateGrant", "kms:DisableKey", "kms:ScheduleKeyDeletion"),
				"another key":                    on(otherKey()),
				"a role that has not assumed it": outsiders,
			},
		},
	}
}

const (
	streamContext = "kms:EncryptionContext:aws:kinesis:arn"
	objectContext = "kms:EncryptionContext:aws:s3:arn"
	logsContext   = "kms:EncryptionContext:aws:logs:arn"
)

// writerObjectHops are the writer role's objects in one bucket.
func writerObjectHops(w *world, writer *role, bucket, prefix string, key target) []hop {
	object, elsewhere := w.object(bucket, prefix+"2026/01/31/a.gz"), w.object(bucket, "elsewhere/a.gz")
	hops := []hop{{
		name: "the writer role puts objects into " + bucket, by: session(writer),
		does: []string{"s3:PutObject"}, on: []target{object},
		denied: denied{
			"another prefix":  on(elsewhere),
			"another bucket":  on(w.object("lake-artifacts", prefix+"a.gz"), target{arn: "arn:aws:s3:::strange/" + prefix + "a", account: strange}),
			"reading":         doing("s3:GetObject", "s3:GetObjectVersion"),
			"deleting":        doing("s3:DeleteObject", "s3:DeleteObjectVersion"),
			"without TLS":     with("aws:SecureTransport", "false"),
			"a third account": by(admin(strange, writer.name)),
		},
	}}
	return append(hops, objectKeyHops(w, writer, objectKeys{
		bucket: bucket, objects: []target{object}, elsewhere: elsewhere, key: key,
		does: []string{"kms:GenerateDataKey"}, never: []string{"kms:Decrypt", "kms:CreateGrant"},
	})...)
}

// objectKeys is what a role may do with a key for objects of a bucket.
type objectKeys struct {
	bucket      string
	objects     []target
	elsewhere   target
	key         target
	does, never []string
}

// objectKeyHops are one for each encryption context that S3 gives: with a bucket key the bucket's ARN, else the object's.
func objectKeyHops(w *world, r *role, of objectKeys) []hop {
	var hops []hop
	for _, scope := range append([]target{w.bucket(of.bucket)}, of.objects...) {
		hops = append(hops, hop{
			name: cmp.Or(r.trust, r.name) + " uses the key for " + scope.arn, by: session(r), does: of.does, on: []target{of.key},
			with: conditions{"kms:ViaService": via("s3"), objectContext: scope.arn},
			denied: denied{
				"other objects":           with(objectContext, of.elsewhere.arn, w.bucket("lake-access-logs").arn),
				"no object":               without(objectContext),
				"past S3":                 without("kms:ViaService"),
				"through another service": with("kms:ViaService", via("kinesis"), "s3.us-east-1.amazonaws.com"),
				"something else":          doing(of.never...),
				"another key":             on(otherKey()),
			},
		})
	}
	return hops
}

func directPutHop(writer *role, delivery target) hop {
	return hop{
		name: "the writer role puts records into " + delivery.arn, by: session(writer),
		does: []string{"firehose:PutRecordBatch"}, on: []target{delivery},
		denied: denied{
			"another delivery stream": on(of("firehose", "deliverystream/other")),
			"changing it":             doing("firehose:UpdateDestination", "firehose:DeleteDeliveryStream"),
			"a third account":         by(admin(strange, writer.name)),
		},
	}
}
