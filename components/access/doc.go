// Package access makes the roles by which logs cross from one account to another, one hop a component. Each hop is usable
// alone: it makes the half of the account that its provider is for, and its Counterpart says, as JSON, what the other
// account must do.
//
//	pod's ServiceAccount                      service account
//	  -> PodIdentity   web identity token -> role that may assume one role, no more
//	                                          ---------------------------------- data account
//	  -> Writer        that role -> role that may put records to one stream
//	reader's role                             any account
//	  -> Reader        that role -> role that may read one stream, one part of a bucket, or both
//
// [PodIdentity] is the role of one ServiceAccount, exactly (IRSA): the token's subject and audience are compared letter by
// letter. The cluster's OIDC provider is made with it, or is one that the account has. [Writer] and [Reader] trust the other
// side's accounts, narrowed by conditions to the roles that are named and to the external id: the roles need not exist
// yet, and one that is made anew has its access back.
//
// Default settings: names that are given and never generated, since the other account must know them; sessions of at most
// an hour, which is all that a role has which another role assumes (role chaining); single actions on single resources;
// KMS keys usable through Kinesis for the one stream and through S3 for the one prefix (for its bucket, where that has a
// bucket key), and not directly. The external id is required as soon as accounts differ. It is no secret, as AWS itself
// says (docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user_externalid.html): everybody who sees the role
// sees it, and it stands in clear in Fluentd's configuration. What it prevents is that a producer that serves several
// accounts is talked into writing to the wrong one.
//
// What it does not do:
//
//   - It makes no resource policies. A producer calls PutRecords with a stream's name alone, which is looked up in the
//     caller's own account, so that it needs a role there and not a policy of the stream. The policies of the keys have to
//     leave permissions to their account's IAM, as that of a lake does; a key of another account has to name the role.
//   - A writer cannot read, not even what it wrote, and cannot see the stream or the bucket: Fluentd's S3 output needs
//     check_apikey_on_start, check_bucket and check_object off.
//   - A reader brings its own place for checkpoints, and its own engine: no DynamoDB, no Athena workgroup, no Lake
//     Formation. It registers no fan-out consumers.
//   - No EKS Pod Identity: sessions of it carry tags, which a role of another account has to allow (sts:TagSession).
//   - It checks an ARN only where that is known before the run, and never whether what it names exists.
package access
