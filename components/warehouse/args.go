package warehouse

import (
	"cmp"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
)

const (
	// DefaultSnapshotDays is a day, where AWS's own default is five: a job that commits every minute makes 1,440 snapshots a
	// day, and each commit writes the list of all of them anew. Nothing reads old ones.
	DefaultSnapshotDays = 1
	// DefaultOrphanDays is AWS's own default (docs.aws.amazon.com/glue/latest/webapi/API_IcebergOrphanFileDeletionConfiguration.html).
	DefaultOrphanDays = 3
)

// SnapshotDays is how long snapshots can be kept. The service's own documentation has no limit: a hundred years are enough.
var SnapshotDays = fault.Between(1, 36_500)

// OrphanDays is how long files without a snapshot can be kept: longer than a file waits for the commit that names it, or
// data that is about to be committed is deleted (docs.aws.amazon.com/glue/latest/dg/orphan-file-deletion.html).
var OrphanDays = fault.Between(1, 36_500)

// Args are the settings of a warehouse. AccountID, Region, BucketName and KeyARN are required.
type Args struct {
	// AccountID is the account of the bucket and the catalog: 12 digits.
	AccountID string
	// Region is the region of both; the partition follows from it.
	Region string
	// BucketName is the S3 bucket of the tables, of one warehouse each: tables at one place would delete each other's files.
	// Required. No rule of it may expire what is under metrics/, since only Iceberg knows which files a table needs
	// (docs.aws.amazon.com/glue/latest/dg/optimizer-notes.html).
	BucketName pulumi.StringInput
	// KeyARN is the KMS key that encrypts the bucket's objects. Required. Its policy has to leave permissions to the
	// account's IAM, as that of most keys does.
	KeyARN pulumi.StringInput

	// NewDatabaseName is the name of the database: lower-case letters, digits and underscores; default
	// <project>_<stack>_<name of the warehouse>, fitted into the rules of Glue. Another name replaces database and tables, so
	// that one that is given outlasts a rename of the stack.
	NewDatabaseName string
	// SnapshotDays is how long snapshots are kept, and so how far back a query can travel: 1 to 36,500, default 1. The
	// optimizer runs once a day.
	SnapshotDays int
	// OrphanDays is how long files are kept that no snapshot names: 1 to 36,500, default 3. It has to be longer than a file may
	// wait for its commit, retries included.
	OrphanDays int

	// GrantToIAM gives Lake Formation's group IAMAllowedPrincipals all permissions on the database, for accounts whose Lake
	// Formation defaults were taken away: IAM alone decides then. Whoever deploys has to be a data lake administrator there,
	// or the creator of the database. Elsewhere the group has them anyway.
	GrantToIAM bool

	// EncryptCatalog encrypts what the account's whole Data Catalog of this region gets from now on with KeyARN, and the
	// passwords of its connections. It is off by default, since it is not the warehouse's alone: it replaces what the account
	// has set, everybody's metadata is unreadable once the key is gone, and who makes connections needs kms:Encrypt. Nobody
	// needs the key to read the catalog: Glue has a role for that. It needs Protect, and the setting and its role stay when
	// they leave the program. What was encrypted stays encrypted after it is switched off: before the key may go, all of it
	// has to be made again (docs.aws.amazon.com/glue/latest/dg/encrypt-glue-data-catalog.html).
	EncryptCatalog bool

	// Protect keeps the database and the tables from being deleted or replaced, and retains them when they leave the program,
	// with their optimizers and the role of these.
	Protect bool
}

// resolve fills in the defaults, in a copy: the caller's args stay as they are. It may be called on nil.
func (a *Args) resolve() Args {
	var r Args
	if a != nil {
		r = *a
	}
	r.SnapshotDays = cmp.Or(r.SnapshotDays, DefaultSnapshotDays)
	r.OrphanDays = cmp.Or(r.OrphanDays, DefaultOrphanDays)
	return r
}

// Check is what is wrong with the settings of a warehouse of that name. It may be called on nil.
func (a *Args) Check(name string) fault.List {
	r := a.resolve()
	const protect fault.Path = "Protect"
	return fault.Join(
		naming.IAMRole.CheckAutoNamed("name", name+"-optimizer-role"),
		fault.Required("AccountID", r.AccountID, iampolicy.AccountID),
		fault.Required("Region", r.Region, iampolicy.Region),
		fault.NotSet("BucketName", r.BucketName != nil, "the name of an S3 bucket"),
		fault.NotSet("KeyARN", r.KeyARN != nil, "the ARN of a customer-managed KMS key"),
		fault.When(r.NewDatabaseName != "", naming.Glue.Check("NewDatabaseName", r.NewDatabaseName)...),
		SnapshotDays.Check("SnapshotDays", r.SnapshotDays),
		OrphanDays.Check("OrphanDays", r.OrphanDays),
		fault.When(r.EncryptCatalog && !r.Protect, fault.Fault{
			Path: "EncryptCatalog", Given: true, Reads: []fault.Path{protect},
			Problem: fault.Problemf("needs %s: without the key nobody can read the account's catalog any more", protect),
		}),
	)
}
