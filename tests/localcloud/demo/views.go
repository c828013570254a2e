package demo

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
)

// viewsOf are the SQL of views that the stack has registered, by name.
func viewsOf(ctx context.Context, config aws.Config, database string, names ...string) (map[string]string, error) {
	views := map[string]string{}
	for _, name := range names {
		var err error
		if views[name], err = viewSQL(ctx, config, database, name); err != nil {
			return nil, err
		}
	}
	return views, nil
}

// viewSQL is the SQL of a view that the stack has registered: Athena keeps it in Base64, in a comment
// (components/query).
func viewSQL(ctx context.Context, config aws.Config, database, name string) (string, error) {
	answer, err := glue.NewFromConfig(config).GetTable(ctx, &glue.GetTableInput{DatabaseName: &database, Name: &name})
	if err != nil {
		return "", fmt.Errorf("get view %s: %w", name, err)
	}
	text := strings.TrimSuffix(strings.TrimPrefix(aws.ToString(answer.Table.ViewOriginalText), "/* Presto View: "), " */")
	content, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return "", fmt.Errorf("read view %s: %w", name, err)
	}
	var view struct{ OriginalSQL string }
	if err := json.Unmarshal(content, &view); err != nil {
		return "", fmt.Errorf("read view %s: %w", name, err)
	}
	return view.OriginalSQL, nil
}
