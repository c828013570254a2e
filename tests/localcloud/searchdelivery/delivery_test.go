package searchdelivery_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/tests/localcloud/searchdelivery"
)

func TestRecordsAreIndexedUnderTheRoleOfTheStream(t *testing.T) {
	stream, w := newStream(t, "", answering(taken))
	delivered, err := stream.Deliver(t.Context(), []searchdelivery.Record{
		record(`{"a": 2}`, "2026-01-01 00:00:10"), record(`{"a": 1}`, "2025-12-31 23:59:50"),
	})
	require.NoError(t, err)
	assert.Equal(t, searchdelivery.Delivered{Indexed: 2}, delivered)
	require.Len(t, w.bulks, 1)
	assert.Contains(t, w.signed[0], "Credential=ASIAWRITER/")
	assert.Contains(t, w.signed[0], "/eu-west-1/es/aws4_request")
	sent := actions(t, w.bulks[0])
	assert.Equal(t, "logs-2025-12-31", sent[0]["_index"])
	assert.Equal(t, "logs-2026-01-01", sent[1]["_index"])
	assert.NotEmpty(t, sent[0]["_id"])
	assert.NotEqual(t, sent[0]["_id"], sent[1]["_id"])
	lines := strings.Split(w.bulks[0], "\n")
	assert.Equal(t, []string{`{"a": 1}`, `{"a": 2}`, ""}, []string{lines[1], lines[3], lines[4]})
	assert.Empty(t, w.objects)
}

func TestIndexIsNamedByRotation(t *testing.T) {
	for rotation, index := range map[string]string{
		"NoRotation": "logs", "OneHour": "logs-2027-01-01-23", "OneDay": "logs-2027-01-01", "OneWeek": "logs-2026-w53", "OneMonth": "logs-2027-01",
	} {
		t.Run(rotation, func(t *testing.T) {
			stream, w := newStream(t, `, "IndexRotationPeriod": "`+rotation+`"`, answering(taken))
			_, err := stream.Deliver(t.Context(), []searchdelivery.Record{record(`{}`, "2027-01-01 23:00:00")})
			require.NoError(t, err)
			assert.Equal(t, index, actions(t, w.bulks[0])[0]["_index"])
		})
	}
}

func TestOpenSearchMakesTheIDWhereFirehoseIsToMakeNone(t *testing.T) {
	stream, w := newStream(t, `, "DocumentIdOptions": {"DefaultDocumentIdFormat": "NO_DOCUMENT_ID"}`, answering(taken))
	_, err := stream.Deliver(t.Context(), []searchdelivery.Record{record(`{}`, "2026-01-01 00:00:00")})
	require.NoError(t, err)
	assert.NotContains(t, actions(t, w.bulks[0])[0], "_id")
}

func TestBulkIsNoLargerAndNoOlderThanTheBuffer(t *testing.T) {
	large := `"` + strings.Repeat("x", 600<<10) + `"`
	for name, test := range map[string]struct {
		records []searchdelivery.Record
		bulks   int
	}{
		"by size":         {[]searchdelivery.Record{record(large, "2026-01-01 00:00:00"), record(large, "2026-01-01 00:00:00")}, 2},
		"by time":         {[]searchdelivery.Record{record(`{}`, "2026-01-01 00:00:00"), record(`{}`, "2026-01-01 00:01:01")}, 2},
		"within the time": {[]searchdelivery.Record{record(`{}`, "2026-01-01 00:00:00"), record(`{}`, "2026-01-01 00:01:00")}, 1},
		"of nothing":      {nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			stream, w := newStream(t, "", answering(taken))
			_, err := stream.Deliver(t.Context(), test.records)
			require.NoError(t, err)
			assert.Len(t, w.bulks, test.bulks)
		})
	}
}

func TestWhatIsRefusedIsSentAgainWithItsID(t *testing.T) {
	answers := []func(int) (int, string){
		func(int) (int, string) { return http.StatusTooManyRequests, "later" }, answering(taken, illegal), answering(taken),
	}
	stream, w := newStream(t, "", nil)
	w.answer = func(documents int) (int, string) {
		next := answers[0]
		answers = answers[1:]
		return next(documents)
	}
	stream.Retry = time.Minute
	delivered, err := stream.Deliver(t.Context(), []searchdelivery.Record{
		record(`{"a": 1}`, "2026-01-01 00:00:00"), record(`{"a": 2}`, "2026-01-01 00:00:01"),
	})
	require.NoError(t, err)
	assert.Equal(t, searchdelivery.Delivered{Indexed: 2}, delivered)
	require.Len(t, w.bulks, 3)
	assert.Equal(t, w.bulks[0], w.bulks[1])
	assert.Equal(t, actions(t, w.bulks[0])[1:], actions(t, w.bulks[2]), "only the one that was refused")
	assert.Empty(t, w.objects)
}

func TestWhatIsRefusedToTheEndIsInTheBucket(t *testing.T) {
	for name, test := range map[string]struct {
		answer       func(int) (int, string)
		failed       int
		code, reason string
	}{
		"documents":   {answering(taken, illegal), 1, "400", `{"type": "mapper_parsing_exception"}`},
		"the request": {func(int) (int, string) { return http.StatusForbidden, "no permissions" }, 2, "403", "no permissions"},
	} {
		t.Run(name, func(t *testing.T) {
			stream, w := newStream(t, "", test.answer)
			delivered, err := stream.Deliver(t.Context(), []searchdelivery.Record{
				record(`{"a": 1}`, "2026-01-01 00:00:00"), record(`{"a": 2}`, "2026-01-01 00:00:01"),
			})
			require.NoError(t, err)
			assert.Equal(t, searchdelivery.Delivered{Indexed: 2 - test.failed, Failed: test.failed}, delivered)
			path, content := w.onlyObject(t)
			assert.Regexp(t, `^/lake/search/AmazonOpenSearchService-failed/dt=2026-01-01/search-1-2026-01-01-00-00-0\d-[0-9a-f-]{36}\.gz$`, path)
			lines := strings.Split(strings.TrimSpace(content), "\n")
			require.Len(t, lines, test.failed)
			var last searchdelivery.Failed
			require.NoError(t, json.Unmarshal([]byte(lines[test.failed-1]), &last))
			assert.Equal(t, actions(t, w.bulks[0])[1]["_id"], last.ESDocumentID)
			assert.NotZero(t, last.AttemptEndingTimestamp)
			last.ESDocumentID, last.AttemptEndingTimestamp = "", 0
			assert.Equal(t, searchdelivery.Failed{
				AttemptsMade: 1, ArrivalTimestamp: at("2026-01-01 00:00:01").UnixMilli(), ErrorCode: test.code, ErrorMessage: test.reason,
				RawData: []byte(`{"a": 2}` + "\n"), ESIndexName: "logs-2026-01-01",
			}, last)
		})
	}
}

func TestAllRecordsAreInTheBucketWhereTheStreamBacksUpAll(t *testing.T) {
	stream, w := newStream(t, `, "S3BackupMode": "AllDocuments"`, answering(taken))
	_, err := stream.Deliver(t.Context(), []searchdelivery.Record{
		record(`{"a": 1}`, "2026-01-01 07:00:00"), record(`{"a": 2}`, "2026-01-01 07:00:01"),
	})
	require.NoError(t, err)
	path, content := w.onlyObject(t)
	assert.True(t, strings.HasPrefix(path, "/lake/search/2026/01/01/07/search-1-"), path)
	assert.Equal(t, "{\"a\": 1}\n{\"a\": 2}\n", content)
}
