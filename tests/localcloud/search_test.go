package localcloud

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSearchDomainIsAskedForByTheStack(t *testing.T) {
	root := t.TempDir()
	content := "config: {" + searchKey + ": {enabled: true}}\n"
	require.NoError(t, os.WriteFile(filepath.Join(root, settingsName), []byte(content), 0o600))
	fromFile := engine{tools: &Tools{root: root}}
	wanted, err := fromFile.searches()
	require.NoError(t, err)
	assert.True(t, wanted)
	for name, test := range map[string]struct {
		setting any
		wanted  bool
	}{
		"enabled":      {map[string]any{"enabled": true}, true},
		"not enabled":  {map[string]any{"enabled": false}, false},
		"another key":  {map[string]any{"daysKept": 7}, true},
		"no section":   {nil, false},
		"another form": {"enabled", false},
	} {
		t.Run(name, func(t *testing.T) {
			e := engine{tools: fromFile.tools, Settings: map[string]any{searchKey: test.setting}}
			wanted, err := e.searches()
			require.NoError(t, err)
			assert.Equal(t, test.wanted, wanted)
		})
	}
}
