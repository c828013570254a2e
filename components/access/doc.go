// Package access makes the roles by which logs cross from one account to another. Each component is one hop, and can be used
// alone: it makes the half of the account that its provider is for. Its Counterpart says, as JSON, what the other account must
// do.
//
//	pod's ServiceAccount                      service account
//	  -> PodIdentity   web identity token -> role that may assume one role, no more
//	                                          ---------------------------------- data account
//	  -> Writer        that role -> role that may put records to one stream
//	reader's role                             any account
//	  -> Reader        that role -> role that may read one stream, one part of a bucket, or both
//
// [PodIdentity] is the role of exactly one ServiceAccount (IRSA): its trust policy compares the subject and the audience of a
// token letter by letter. It makes the cluster's OIDC provider, or uses the one that the account has. [Writer] and [Reader] trust
// the accounts of the other side. Conditions narrow that to the named roles and the external id. The roles need not exist yet,
// and a role that is deleted and made again has access again.
//
// Default settings:
//
//   - Names are given and never generated, since the other account must know them.
//   - Sessions last an hour at most. That is the limit of a role that another role assumes (role chaining).
//   - Permissions are single actions on single resources.
//   - KMS keys work through Kinesis for the one stream and through S3 for the one prefix, or for its bucket where that has a
//     bucket key. They do not work directly.
//   - The external id is required where accounts differ. It keeps a producer that serves several accounts from being talked
//     into writing to the wrong one. It is no secret, as AWS says
//     (docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user_externalid.html): everybody who sees the role sees it,
//     and Fluentd's configuration has it in clear.
//
// What it does not do:
//
//   - It makes no resource policies. A producer calls PutRecords with the name of a stream, and AWS looks that up in the caller's
//     own account. So the producer needs a role in the stream's account, and no policy of the stream. The policy of a key must
//     leave permissions to the IAM of the key's account, as that of a lake does. A key of another account must name the role.
//   - A writer cannot read the objects that it wrote, and cannot see the stream or the bucket. Fluentd's S3 output needs
//     check_apikey_on_start, check_bucket and check_object off.
//   - A reader brings its own engine and its own place for checkpoints: no DynamoDB, no Athena workgroup, no Lake Formation. It
//     registers no fan-out consumers.
//   - No EKS Pod Identity. Its sessions have tags, which a role of another account has to allow (sts:TagSession).
//   - It checks an ARN only where the ARN is known before the run. It never checks whether the resource exists.
package access
