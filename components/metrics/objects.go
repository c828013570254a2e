package metrics

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
)

// objects are some of a bucket, with the key that encrypts them.
type objects struct {
	bucketARN, key pulumi.StringInput
	arns           []pulumi.StringInput
}

// objectsIn are those of a bucket whose keys begin so.
func (m maker) objectsIn(bucket, key pulumi.StringInput, prefixes ...string) objects {
	o := objects{bucketARN: m.bucketARN(bucket), key: key}
	for _, prefix := range prefixes {
		o.arns = append(o.arns, pulumi.Sprintf("%s/%s*", o.bucketARN, prefix))
	}
	return o
}

// use allows something with the objects.
func (o objects) use(sid string, actions ...string) iampolicy.Statement {
	return iampolicy.Statement{Sid: sid, Effect: iampolicy.Allow, Actions: actions, Resources: o.arns}
}

// useKeyFor allows something with the objects' key, for them alone. Who writes them needs to decrypt, too, for multipart uploads.
func (m maker) useKeyFor(sid string, o objects, actions ...string) iampolicy.Statement {
	return iampolicy.Statement{
		Sid: sid, Effect: iampolicy.Allow, Actions: actions, Resources: []pulumi.StringInput{o.key},
		Conditions: m.place.ThroughS3(o.bucketARN, o.arns...),
	}
}

// readArtifacts is for what lies under a prefix of the artifacts bucket.
func (m maker) readArtifacts(prefix string) []iampolicy.Statement {
	code := m.objectsIn(m.artifactsBucket, m.key, prefix)
	return []iampolicy.Statement{code.use("ReadArtifacts", "s3:GetObject"), m.useKeyFor("DecryptArtifacts", code, "kms:Decrypt")}
}

// seeBuckets is not for prefixes alone: a request for an object has no prefix, and S3 says of one that is not there that it is
// missing only to who may list, and else that it is forbidden (docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html). Spark
// looks for what is not there yet, and asks for every folder as if it were an object.
func (m maker) seeBuckets(names ...pulumi.StringInput) iampolicy.Statement {
	buckets := make([]pulumi.StringInput, len(names))
	for i, name := range names {
		buckets[i] = m.bucketARN(name)
	}
	return iampolicy.Statement{
		Sid:       "SeeBuckets",
		Effect:    iampolicy.Allow,
		Actions:   []string{"s3:GetBucketLocation", "s3:ListBucket"},
		Resources: buckets,
	}
}

func (m maker) bucketARN(name pulumi.StringInput) pulumi.StringOutput {
	return name.ToStringOutput().ApplyT(m.place.BucketARN).(pulumi.StringOutput)
}
