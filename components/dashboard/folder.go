package dashboard

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/quicksight"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// provisionFolder makes the folder with the data sets; the dashboard comes to it when there is one.
func (d *Dashboard) provisionFolder(ctx *pulumi.Context) error {
	permissions := quicksight.FolderPermissionArray{}
	for _, p := range d.permissions(ofFolder) {
		permissions = append(permissions, quicksight.FolderPermissionArgs{
			Principal: pulumi.String(p.principal), Actions: pulumi.ToStringArray(p.actions),
		})
	}
	folder, err := quicksight.NewFolder(ctx, d.name+"-folder", &quicksight.FolderArgs{
		AwsAccountId: pulumi.String(d.place.AccountID()),
		FolderId:     pulumi.String(d.prefix + "-folder"),
		FolderType:   pulumi.String("SHARED"),
		Name:         pulumi.String(d.args.Title),
		Permissions:  permissions,
	}, d.stateful()...)
	if err != nil {
		return fmt.Errorf("create folder: %w", err)
	}
	d.folder, d.FolderARN = folder, folder.Arn
	for _, v := range views {
		if err := d.putIntoFolder(ctx, v.id, "DATASET", d.dataSets[v.view].DataSetId); err != nil {
			return err
		}
	}
	return nil
}

// putIntoFolder makes what has the id a member of the folder, after what is given.
func (d *Dashboard) putIntoFolder(ctx *pulumi.Context, name, kind string, id pulumi.StringInput, after ...pulumi.Resource) error {
	_, err := quicksight.NewFolderMembership(ctx, d.name+"-folder-"+name, &quicksight.FolderMembershipArgs{
		AwsAccountId: pulumi.String(d.place.AccountID()),
		FolderId:     d.folder.FolderId,
		MemberType:   pulumi.String(kind),
		MemberId:     id,
	}, pulumi.Parent(d), pulumi.DependsOn(after))
	if err != nil {
		return fmt.Errorf("put %s into the folder: %w", name, err)
	}
	return nil
}
