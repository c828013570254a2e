package query_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/mocks"
)

func TestTextOfAView(t *testing.T) {
	text := up(t, nil).Named(t, "query-view-requests").Get("viewOriginalText").(string)
	encoded, isView := strings.CutPrefix(text, "/* Presto View: ")
	require.True(t, isView)
	decoded, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(encoded, " */"))
	require.NoError(t, err)
	mocks.Golden(t, "requests-view.json", string(decoded))
}
